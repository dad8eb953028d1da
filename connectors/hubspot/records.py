"""How HubSpot's answers become rows, and questions become bodies. Pure functions, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.hubspot.streams import ENVELOPE, HISTORY_COLUMNS, CrmObject
from connectors.stream import META_COLUMNS, Window

# Properties are named in the address of a list request, which must stay short.
MAX_NAMES_IN_URL = 15_000
# HubSpot's own names are in lower case, the envelope's are not.
RESERVED = frozenset(
    spelled for name in (*ENVELOPE, *META_COLUMNS) for spelled in (name, name.lower())
)
MODIFIED, DELETED = "_source_modified_at", "_is_deleted"
MERGED_IDS = "hs_merged_object_ids"


def column_of(name: str) -> str:
    """Return a property's column; one that collides with the envelope gets a prefix."""
    return f"property_{name}" if name in RESERVED else name


def row_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten a CRM record: its id, those of its properties that have a value, its envelope."""
    get = record.get
    properties: Mapping[str, Any] = get("properties") or {}
    row = {name: value for name, value in properties.items() if value is not None}
    if not row.keys().isdisjoint(RESERVED):
        row = {column_of(name): value for name, value in row.items()}
    for name in ENVELOPE:
        row[name] = get(name)
    modified, is_archived = get("updatedAt"), get("archived") is True
    if is_archived:
        stamps = (modified, get("archivedAt"))
        modified = max((stamp for stamp in stamps if stamp), default=None)
    row[MODIFIED], row[DELETED] = modified or None, is_archived
    return row


def columns_of(names: Iterable[str]) -> list[str]:
    """Return the columns of records that were asked for these properties."""
    return ["id", *map(column_of, names), *ENVELOPE[1:]]


def history_rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row per known value of each property."""
    for name, values in (record.get("propertiesWithHistory") or {}).items():
        for value in values:
            row = {column: value.get(column) for column in HISTORY_COLUMNS}
            row["id"], row["property"] = record["id"], name
            row["_source_modified_at"], row["_is_deleted"] = value.get("timestamp"), False
            yield row


def merged_away(row: Mapping[str, Any]) -> list[str]:
    """Ids of the records that were merged into this one."""
    return [part for part in str(row.get(MERGED_IDS) or "").split(";") if part]


def is_seen(stamp: Any, window: Window) -> bool:
    """Whether a version was there when the reading began; a later one is read next time."""
    return str(stamp or "")[:19] <= window.read_until.isoformat(timespec="seconds")


def milliseconds(moment: datetime) -> int:
    """Return epoch milliseconds of a naive UTC time."""
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def iso_of(ms: Any) -> str | None:
    """Return ISO text of epoch milliseconds."""
    if ms is None or not str(ms).lstrip("-").isdigit():
        return None
    moment = datetime.fromtimestamp(int(ms) / 1000, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds")


def stamp_of(record: Mapping[str, Any], crm: CrmObject) -> datetime | None:
    """Return when a searched record was stamped: ISO text, or epoch milliseconds."""
    text = str((record.get("properties") or {}).get(crm.cursor) or record.get("updatedAt") or "")
    text = iso_of(text) or text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def search_body(crm: CrmObject, window: Window, after_id: int) -> dict[str, Any]:
    """Ask for what changed in a window, by ascending id: no cap, no repeated page."""
    bounds = [("LTE", milliseconds(window.read_until) + 999)]
    if window.start is not None:
        bounds.insert(0, ("GTE", milliseconds(window.start)))
    filters = [
        {"propertyName": crm.cursor, "operator": operator, "value": str(value)}
        for operator, value in bounds
    ]
    filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": str(after_id)})
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": ["hs_object_id", crm.cursor],
        "limit": 200,
    }


def name_chunks(names: Sequence[str]) -> list[list[str]]:
    """Split property names so that each part fits in an address."""
    chunks: list[list[str]] = [[]]
    size = 0
    for name in names:
        if chunks[-1] and size + len(name) + 3 > MAX_NAMES_IN_URL:
            chunks.append([])
            size = 0
        chunks[-1].append(name)
        size += len(name) + 3
    return chunks


def flat_row(record: Mapping[str, Any], modified: str = "updatedAt") -> dict[str, Any]:
    """Turn a plain object into a row: nested values stay JSON text."""
    row = {name: value for name, value in record.items() if name.lower() not in META_COLUMNS}
    row["_source_modified_at"] = record.get(modified)
    row["_is_deleted"] = record.get("archived") is True
    return row


def submission_row(form_id: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """One form submission; its e-mail address is among its values."""
    values = record.get("values") or []
    email = next((value.get("value") for value in values if value.get("name") == "email"), None)
    return {
        **record,
        "formId": form_id,
        "email": email,
        "_source_modified_at": iso_of(record.get("submittedAt")),
        "_is_deleted": False,
    }


def stage_rows(object_type: str, pipeline: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row per stage of a pipeline."""
    for stage in pipeline.get("stages") or []:
        metadata = stage.get("metadata") or {}
        yield {
            "objectType": object_type,
            "pipelineId": pipeline.get("id"),
            "pipelineLabel": pipeline.get("label"),
            "stageId": stage.get("id"),
            "stageLabel": stage.get("label"),
            "displayOrder": stage.get("displayOrder"),
            "isClosed": metadata.get("isClosed"),
            "probability": metadata.get("probability"),
            "archived": bool(pipeline.get("archived") or stage.get("archived")),
            "_source_modified_at": stage.get("updatedAt") or pipeline.get("updatedAt"),
            "_is_deleted": bool(pipeline.get("archived") or stage.get("archived")),
        }


def property_row(object_type: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """One property of an object type."""
    return {"objectType": object_type, **flat_row(record)}


def batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """Cut ids into lists of at most `size`."""
    batch: list[str] = []
    for one in ids:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
