"""How the last reading of each raw object ended, kept until the next one.

The landing cannot say this: an object that may not be read leaves no batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from connectors.extract import LandResult
from onefunnel.dbt_manifest import replace
from onefunnel.home import Home


@dataclass(frozen=True)
class StreamStatus:
    """One reading."""

    status: str
    rows: int
    requests: int
    message: str = ""


def known(home: Home) -> dict[str, StreamStatus]:
    """Return the last reading per `source/stream`; nothing when the note is gone or unreadable."""
    try:
        noted = json.loads((home.private / "stream_status.json").read_bytes())
        return {name: StreamStatus(**status) for name, status in noted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note(home: Home, results: Iterable[LandResult]) -> Mapping[str, StreamStatus]:
    """Add these readings to the note."""
    status = known(home)
    for result in results:
        status[f"{result.source}/{result.stream}"] = StreamStatus(
            result.status, result.rows, result.requests, result.message
        )
    content = json.dumps({name: asdict(one) for name, one in status.items()}, indent=1)
    replace(home.private / "stream_status.json", content.encode())
    return status
