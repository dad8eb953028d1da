"""What to ask Salesforce for: fields, cursor, query text. Pure functions, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from connectors.stream import Window

CURSORS = ("SystemModstamp", "LastModifiedDate", "CreatedDate", "LoginTime")
# Compound values (addresses, places) come as their parts; files are no text.
UNREADABLE_TYPES = frozenset({"address", "location", "base64"})
MAX_URL = 15_000
# What Salesforce answers to more formula fields than one query may work out.
TOO_COMPLICATED = "QUERY_TOO_COMPLICATED"


@dataclass(frozen=True)
class ObjectSchema:
    """What describe says, as far as it is needed for reading."""

    name: str
    fields: Mapping[str, str]
    cursor: str | None

    @property
    def keeps_deleted(self) -> bool:
        """Whether deleted records can be seen."""
        return "IsDeleted" in self.fields


def schema_of(name: str, described: Mapping[str, Any]) -> ObjectSchema:
    """Choose the fields that can be selected, and the cursor, from a describe answer."""
    fields: Sequence[Mapping[str, Any]] = described["fields"]
    parents = {field.get("compoundFieldName") for field in fields} - {None, "Name"}
    readable = {
        field["name"]: str(field["type"])
        for field in fields
        if field["type"] not in UNREADABLE_TYPES
        and (field["name"] not in parents or field["name"] == "Name")
    }
    filterable = {field["name"] for field in fields if field.get("filterable", True)}
    cursor = next((name for name in CURSORS if name in readable and name in filterable), None)
    return ObjectSchema(name, readable, cursor)


def moment(time: datetime) -> str:
    """Write a datetime literal."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def query_text(schema: ObjectSchema, window: Window | None) -> str:
    """Write the query of an object: everything, or what was stamped in a window."""
    text = f"SELECT {', '.join(schema.fields)} FROM {schema.name}"
    if window is None or window.start is None or schema.cursor is None:
        return text
    return (
        f"{text} WHERE {schema.cursor} >= {moment(window.start)}"
        f" AND {schema.cursor} <= {moment(window.read_until)}"
    )


def query_by_ids(schema: ObjectSchema, ids: Sequence[str]) -> str:
    """Write the query of some records, whatever their stamps."""
    named = ", ".join(f"'{one}'" for one in ids)
    return f"SELECT {', '.join(schema.fields)} FROM {schema.name} WHERE Id IN ({named})"


def fits_in_url(query: str) -> bool:
    """Whether a query is short enough for REST, which takes it in the address."""
    return len(quote(query)) <= MAX_URL


def row_of(record: dict[str, Any], schema: ObjectSchema) -> dict[str, Any]:
    """Turn a REST record into a row: without the envelope, with its stamp and its end."""
    record.pop("attributes", None)
    record["_source_modified_at"] = record.get(schema.cursor) if schema.cursor else None
    record["_is_deleted"] = record.get("IsDeleted") is True
    return record


def is_in(row: Mapping[str, Any], window: Window) -> bool:
    """Whether a row belongs to the window, whatever the server thought."""
    stamp = str(row["_source_modified_at"] or "")[:19]
    start = window.start.isoformat(timespec="seconds") if window.start else ""
    return not stamp or start[:19] <= stamp <= window.read_until.isoformat(timespec="seconds")[:19]
