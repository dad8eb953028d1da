"""Real records in: a folder of JSON lines, one file per object, becomes a World.

    DIR/salesforce/Lead.jsonl      one SObject a line, deleted rows with "IsDeleted": true
    DIR/hubspot/contacts.jsonl     {id, properties, propertiesWithHistory, createdAt, updatedAt, …}
    DIR/hubspot/associations.jsonl {fromObjectType, fromObjectId, toObjectType, toObjectId, …}

Several lines with one id are versions of that record. A missing file is an empty object, except
pipelines, stages and statuses, which fall back to the vendors' defaults. What a line must hold is
checked here; answering from it is the API modules' part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from connectors.sandbox import vendor_defaults
from connectors.sandbox.record_shape import is_crm_object, key_of, object_type, times_in
from connectors.sandbox.salesforce_fields import standard_fields
from connectors.sandbox.timestamps import from_ms, to_ms
from connectors.sandbox.world import VENDORS, World

_SHOWN_PROBLEMS = 20
_EMPTY_CLOCK = datetime(2026, 6, 30, 12, tzinfo=UTC)
_AFTER_NEWEST = timedelta(hours=1)
_TIMES = {
    "form_submissions": ("submittedAt",),
    "email_events": ("created",),
}
_NEEDED = {
    "form_submissions": ("formId", "submittedAt"),
    "email_events": ("type", "created"),
    "forms": ("name",),
    "pipelines": ("stages",),
    "properties": ("type",),
}


class LoadError(ValueError):
    """The folder holds something that cannot be served; each problem names file, line, remedy."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = len(problems) - _SHOWN_PROBLEMS
        lines = problems[:_SHOWN_PROBLEMS] + ([f"… and {more} more"] if more > 0 else [])
        super().__init__("\n".join(lines))


def load(folder: Path | str, now: datetime | None = None) -> World:
    """Read a folder into a World, its clock at `now`, else one hour after the newest record.

    Raises LoadError listing every bad line.
    """
    root = Path(folder)
    if not root.is_dir():
        raise LoadError([f"{root}: no such folder; give --load the folder that holds salesforce/"])
    files = [(vendor, path) for vendor in VENDORS for path in sorted(_files(root / vendor))]
    if not files:
        raise LoadError(
            [f"{root}: no salesforce/*.jsonl and no hubspot/*.jsonl in it; one file per object"]
        )
    world, newest = World(), 0
    problems: list[str] = []
    for vendor, path in files:
        obj = path.stem if vendor == "salesforce" else object_type(path.stem)
        for number, record in _lines(path, problems):
            try:
                _check(vendor, obj, record, number)
                newest = max((newest, *times_in(vendor, obj, record)))
                world.add(vendor, obj, record)
            except ValueError as problem:
                problems.append(f"{path}, line {number}: {problem}")
    if problems:
        raise LoadError(problems)
    vendor_defaults.add_missing(world)
    world.advance_to(now or (from_ms(newest) + _AFTER_NEWEST if newest else _EMPTY_CLOCK))
    return world


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.jsonl") if folder.is_dir() else iter(())


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not text:
                continue
            try:
                record = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                problems.append(
                    f"{path}, line {number}: not JSON ({error}); write one JSON object a line"
                )
                continue
            if isinstance(record, dict):
                yield number, record
            else:
                problems.append(
                    f"{path}, line {number}: a {type(record).__name__}, not an object; "
                    "write one JSON object a line"
                )


def _check(vendor: str, obj: str, record: dict[str, Any], number: int) -> None:
    """Raise ValueError naming the field and the remedy when a record cannot be served."""
    if vendor == "salesforce":
        record.pop("attributes", None)
        for field in standard_fields(obj):
            if field.type == "datetime":
                _check_time(record, field.name)
            elif field.type in ("double", "int", "currency", "percent"):
                _check_number(record, field.name)
        if obj.endswith("History") and not record.get("CreatedDate"):
            raise ValueError(f"field CreatedDate is missing; every {obj} record needs it")
    else:
        _check_hubspot(obj, record, number)
    try:
        key_of(vendor, obj, record)
    except ValueError as missing:
        raise ValueError(f"{missing}; every {obj} record needs it") from None


def _check_hubspot(obj: str, record: dict[str, Any], number: int) -> None:
    for name in _NEEDED.get(obj, ()):
        if record.get(name) in (None, ""):
            raise ValueError(f"field {name} is missing; every {obj} record needs it")
    for name in ("createdAt", "updatedAt", "archivedAt", *_TIMES.get(obj, ())):
        _check_time(record, name)
    if obj == "form_submissions" and not record.get("conversionId"):
        record["conversionId"] = f"{record['formId']}-{record['submittedAt']}-{number}"
    if not is_crm_object(obj):
        return
    if record.get("properties") is None:
        record["properties"] = {}
    if not isinstance(record["properties"], dict):
        raise ValueError('field properties is not an object; write {"name": "value"}')
    history = record.get("propertiesWithHistory") or {}
    if not isinstance(history, dict):
        raise ValueError(
            'field propertiesWithHistory is not an object; write {"name": [{"value", "timestamp"}]}'
        )
    for name, entries in history.items():
        for entry in entries if isinstance(entries, list) else [None]:
            if not isinstance(entry, dict) or "value" not in entry or not entry.get("timestamp"):
                raise ValueError(
                    f"field propertiesWithHistory.{name} needs a list of objects with value and "
                    "timestamp"
                )
            _check_time(entry, "timestamp", f"propertiesWithHistory.{name}.timestamp")


def _check_time(record: dict[str, Any], name: str, shown: str | None = None) -> None:
    value = record.get(name)
    if value in (None, ""):
        return
    try:
        to_ms(value)
    except ValueError:
        raise ValueError(
            f"field {shown or name} has {value!r}, which is no time; write it like "
            "2026-06-30T12:00:00.000Z"
        ) from None


def _check_number(record: dict[str, Any], name: str) -> None:
    value = record.get(name)
    if value is None or value == "" or isinstance(value, int | float):
        return
    try:
        float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"field {name} has {value!r}, which is no number; write it like 12.5, or null"
        ) from None
