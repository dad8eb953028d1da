"""Times as both vendors write them, to and from epoch milliseconds (UTC).

Only parsing and formatting belong here; what a time means for a record is in `record_shape`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def to_datetime(value: datetime) -> datetime:
    """Return the moment in UTC; a datetime without zone is taken as UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def to_ms(value: Any) -> int:
    """Epoch milliseconds of a datetime, an ISO text, a date or epoch milliseconds.

    Raises ValueError for anything else, so that a caller can name the field it stood in.
    """
    if isinstance(value, datetime):
        return round(to_datetime(value).timestamp() * 1000)
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is not a time")
    if isinstance(value, int | float):
        return int(value)
    return _text_to_ms(str(value))


@lru_cache(maxsize=200_000)
def _text_to_ms(text: str) -> int:
    stripped = text.strip()
    if not _DATE.match(stripped):
        if stripped.lstrip("-").isdigit():
            return int(stripped)
        raise ValueError(f"{text!r} is not a time")
    return round(to_datetime(datetime.fromisoformat(stripped)).timestamp() * 1000)


def from_ms(ms: int | float) -> datetime:
    """Return the UTC datetime of epoch milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _iso(ms: int | float) -> str:
    moment = from_ms(ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}"


def iso_z(ms: int | float) -> str:
    """As HubSpot and Salesforce's Bulk API write a time: `2026-06-30T12:00:00.000Z`."""
    return _iso(ms) + "Z"


def iso_offset(ms: int | float) -> str:
    """As Salesforce's REST API writes a time: `2026-06-30T12:00:00.000+0000`."""
    return _iso(ms) + "+0000"


def salesforce_rest(value: Any) -> str:
    """Any accepted form of a time, in the form of Salesforce's REST API."""
    if isinstance(value, str) and len(value) == 28 and value.endswith("+0000"):
        return value
    return iso_offset(to_ms(value))


def hubspot_time(value: Any) -> str:
    """Any accepted form of a time, in the form of HubSpot's envelope."""
    if isinstance(value, str) and len(value) == 24 and value.endswith("Z"):
        return value
    return iso_z(to_ms(value))


def http_date(moment: datetime) -> str:
    """As the `Date` response header writes a time."""
    return format_datetime(to_datetime(moment), usegmt=True)
