"""Which CRM records have changed: HubSpot's search, asked so that it loses nothing."""

from __future__ import annotations

from connectors import known
from connectors.errors import UnreadableAnswer
from connectors.hubspot import records
from connectors.hubspot.streams import CrmObject
from connectors.hubspot.transport import HubSpotTransport
from connectors.stream import ReadRequest, Window

SEARCH_PAGE = 200
SEARCH_ATTEMPTS = 3
# Beyond this many changes listing everything is quicker than searching (5 requests a second).
MOST_SEARCHED = 50_000


def changed_ids(
    transport: HubSpotTransport, request: ReadRequest, crm: CrmObject
) -> list[str] | None:
    """Ids of records stamped in the window; an index that answers less than it counts is asked
    again. None when so much has changed that all is better read anew.

    The overlap shows records that have landed already: what has the same stamp as then, and
    had it well before that reading, need not be read again.
    """
    state, window = request.state, request.window
    for _ in range(SEARCH_ATTEMPTS):
        found, counted = search(transport, crm, window)
        if counted > MOST_SEARCHED:
            return None
        if len(found) >= counted:
            landed = known.texts(request.landing, crm.name, crm.cursor, found)
            settled = state.window_end.isoformat() if state else ""
            return sorted(
                (
                    one
                    for one, stamp in found.items()
                    if stamp is None or stamp >= settled or landed.get(one) != stamp
                ),
                key=int,
            )
    raise UnreadableAnswer(
        f"search counts {counted:,} changed records and returns {len(found):,}",
        remedy="HubSpot's search index is behind or out of order; run again in some minutes",
    )


def search(
    transport: HubSpotTransport, crm: CrmObject, window: Window
) -> tuple[dict[str, str | None], int]:
    """Search once through the window; return ids with stamps, and how many HubSpot has counted.

    Each page counts what is left by then: a record that is touched meanwhile leaves the window, and
    the next reading finds it.
    """
    found: dict[str, str | None] = {}
    withheld, after_id = 0, 0
    while True:
        body = records.search_body(crm, window, after_id)
        answer = transport.post("search", body, type=crm.name)
        page, left = answer["results"], int(answer.get("total") or 0)
        if left > MOST_SEARCHED:
            return found, left
        withheld += max(0, min(left, SEARCH_PAGE) - len(page))
        for record in page:
            stamp = records.stamp_of(record, crm)
            if stamp is None or window.holds(stamp):
                found[record["id"]] = (record.get("properties") or {}).get(crm.cursor)
        if len(page) < SEARCH_PAGE:
            return found, len(found) + withheld
        after_id = max(int(record["id"]) for record in page)
