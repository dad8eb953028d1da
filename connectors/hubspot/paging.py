"""Follow HubSpot's pages to their end, from any of them on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from connectors.errors import UnreadableAnswer
from connectors.hubspot.transport import HubSpotTransport


class Page(NamedTuple):
    """What one answer holds, and where the next one begins; None when it was the last."""

    records: list[dict[str, Any]]
    after: str | None


def pages(
    transport: HubSpotTransport,
    endpoint: str,
    query: Sequence[tuple[str, Any]],
    start: str | None = None,
    **parts: str,
) -> Iterator[Page]:
    """Follow `paging.next.after`; a cursor that comes twice would never end."""
    after = start
    seen: set[str] = set()
    while True:
        asked = [*query, ("after", after)] if after is not None else list(query)
        answer = transport.get(endpoint, asked, **parts)
        after = (((answer.get("paging") or {}).get("next")) or {}).get("after")
        after = None if after is None else str(after)
        if after is not None and (after in seen or after == start):
            raise UnreadableAnswer(
                f"HubSpot announces the same page of {endpoint} again",
                remedy="Run again; if it stays, report it to HubSpot support",
            )
        yield Page(answer.get("results") or [], after)
        if after is None:
            return
        seen.add(after)


def records_of(
    transport: HubSpotTransport, endpoint: str, query: Sequence[tuple[str, Any]], **parts: str
) -> Iterator[dict[str, Any]]:
    """All records of a list that needs no place to go on from."""
    for page in pages(transport, endpoint, query, **parts):
        yield from page.records
