"""Read contacts, companies, deals and engagements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors import known
from connectors.errors import UnreadableAnswer
from connectors.hubspot import records
from connectors.hubspot.streams import CRM_OBJECT, CrmObject
from connectors.hubspot.transport import HubSpotTransport
from connectors.stream import ARCHIVED_PASS_EVERY, FULL_PASS_EVERY, Reading, ReadRequest, Window

FULL_PASS = "full_pass_at"
ARCHIVED_PASS = "archived_pass_at"
LIST_PAGE, LIST_PAGE_WITH_HISTORY = 100, 50
BATCH = 100
SEARCH_PAGE = 200
SEARCH_ATTEMPTS = 3
# Then HubSpot deletes an archived record for good.
ARCHIVE_KEPT = timedelta(days=90)


class CrmObjects:
    """Reads CRM objects of one account."""

    def __init__(self, transport: HubSpotTransport) -> None:
        self.transport = transport
        self._schemas: dict[str, list[dict[str, Any]]] = {}

    def schema(self, object_type: str) -> list[dict[str, Any]]:
        """Properties of an object type, asked once per run."""
        if object_type not in self._schemas:
            answer = self.transport.get("properties", type=object_type)
            self._schemas[object_type] = answer["results"]
        return self._schemas[object_type]

    def read(self, request: ReadRequest) -> Reading:
        """Read an object: everything at first and on schedule, else what changed."""
        crm = CRM_OBJECT[request.stream.name]
        state, window, writer = request.state, request.window, request.writer
        fields = {one["name"]: str(one.get("type")) for one in self.schema(crm.name)}
        names = list(fields)
        if state is None or state.is_due(FULL_PASS, FULL_PASS_EVERY, window.end):
            for archived in (False, True):
                for page in self.listed(crm.name, names, archived=archived):
                    writer.add(map(records.row_of, page))
                    request.progress(writer.rows_read)
            now = window.end.isoformat()
            return Reading(is_full=True, marks={FULL_PASS: now, ARCHIVED_PASS: now}, fields=fields)
        gone: dict[str, str] = {}
        seen: set[str] = set()
        for page in self.batch_read(crm.name, self.changed(request, crm), {"properties": names}):
            rows = [records.row_of(record) for record in page]
            kept = [row for row in rows if records.is_seen(row["updatedAt"], window)]
            seen.update(row["id"] for row in kept)
            for row in kept:
                moment = str(row["_source_modified_at"])
                gone.update(dict.fromkeys(records.merged_away(row), moment))
            writer.add(kept)
            request.progress(writer.rows_read)
        marks = self.read_archived(request, crm.name, names)
        losers = [one for one in gone if one not in seen]
        for page in self.batch_read(crm.name, losers, {"properties": ["hs_object_id"]}):
            # Asked for a merged-away id, HubSpot shows its survivor or nothing.
            seen.update(record["id"] for record in page)
        gone = {one: gone[one] for one in losers if one not in seen}
        return Reading(gone=gone, marks=marks, fields=fields)

    def read_archived(
        self, request: ReadRequest, object_type: str, names: Sequence[str]
    ) -> dict[str, str]:
        """Read what was archived: the first page always, the rest on schedule.

        Archiving moves no stamp, so there is nothing to search by; most archives are one page.
        """
        state, window = request.state, request.window
        is_due = state is None or state.is_due(ARCHIVED_PASS, ARCHIVED_PASS_EVERY, window.end)
        still: set[str] = set()
        for page in self.listed(object_type, names, archived=True):
            request.writer.add(map(records.row_of, page))
            still.update(record["id"] for record in page)
            if not is_due:
                return {}
        # Restoring moves no stamp either: what left the archive may be back among the living.
        since = window.end - ARCHIVE_KEPT
        left = sorted(known.archived_ids(request.landing, object_type, since) - still)
        for page in self.batch_read(object_type, left, {"properties": names}):
            request.writer.add(map(records.row_of, page))
        return {ARCHIVED_PASS: window.end.isoformat()}

    def listed(
        self,
        object_type: str,
        names: Sequence[str],
        *,
        archived: bool,
        history: Sequence[str] = (),
    ) -> Iterator[list[dict[str, Any]]]:
        """Page through all records; more properties than an address holds are joined by id."""
        first, *rest = records.name_chunks(names)
        size = LIST_PAGE_WITH_HISTORY if history else LIST_PAGE
        query: list[tuple[str, Any]] = [("limit", size), ("archived", str(archived).lower())]
        if first:
            query.append(("properties", ",".join(first)))
        if history:
            query.append(("propertiesWithHistory", ",".join(history)))
        for page in pages(self.transport, "objects", query, type=object_type):
            if rest and page:
                others = [name for chunk in rest for name in chunk]
                more = {
                    record["id"]: record["properties"]
                    for found in self.batch_read(
                        object_type,
                        [record["id"] for record in page],
                        {"properties": others},
                        archived=archived,
                    )
                    for record in found
                }
                for record in page:
                    record["properties"].update(more.get(record["id"], {}))
            yield page

    def batch_read(
        self,
        object_type: str,
        ids: Iterable[str],
        what: Mapping[str, Sequence[str]],
        size: int = BATCH,
        *,
        archived: bool = False,
    ) -> Iterator[list[dict[str, Any]]]:
        """Read records by id, from the records themselves and not from the search index."""
        query = [("archived", "true")] if archived else []
        for batch in records.batches(ids, size):
            body = {**what, "inputs": [{"id": one} for one in batch]}
            yield self.transport.post("batch_read", body, query, type=object_type)["results"]

    def changed(self, request: ReadRequest, crm: CrmObject) -> list[str]:
        """Ids of records stamped in the window; an index that answers less than it counts is
        asked again.

        The overlap shows records that have landed already: what has the same stamp as then, and
        had it well before that reading, need not be read again.
        """
        state, window = request.state, request.window
        for _ in range(SEARCH_ATTEMPTS):
            found, counted = self.search(crm, window)
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

    def search(self, crm: CrmObject, window: Window) -> tuple[dict[str, str | None], int]:
        """Search once through the window; return ids with stamps, and what HubSpot has counted."""
        found: dict[str, str | None] = {}
        outside, after_id, counted = 0, 0, None
        while True:
            body = records.search_body(crm, window, after_id)
            answer = self.transport.post("search", body, type=crm.name)
            if counted is None:
                counted = int(answer.get("total") or 0)
            page = answer["results"]
            for record in page:
                stamp = records.stamp_of(record, crm)
                if stamp is None or window.holds(stamp):
                    found[record["id"]] = (record.get("properties") or {}).get(crm.cursor)
                else:
                    outside += 1
            if len(page) < SEARCH_PAGE:
                return found, counted - outside
            after_id = max(int(record["id"]) for record in page)


def pages(
    transport: HubSpotTransport, endpoint: str, query: Sequence[tuple[str, Any]], **parts: str
) -> Iterator[list[dict[str, Any]]]:
    """Follow `paging.next.after`; a cursor that comes twice would never end."""
    seen: set[str] = set()
    after: str | None = None
    while True:
        asked = [*query, ("after", after)] if after is not None else list(query)
        answer = transport.get(endpoint, asked, **parts)
        yield answer.get("results") or []
        after = (((answer.get("paging") or {}).get("next")) or {}).get("after")
        if after is None:
            return
        after = str(after)
        if after in seen:
            raise UnreadableAnswer(
                f"HubSpot announces the same page of {endpoint} again",
                remedy="Run again; if it stays, report it to HubSpot support",
            )
        seen.add(after)
