"""Read contacts, companies, deals, engagements and custom objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from connectors import known
from connectors.errors import RefusedRequest
from connectors.hubspot import records
from connectors.hubspot.changes import changed_ids
from connectors.hubspot.paging import Page, pages
from connectors.hubspot.streams import CRM_OBJECT, CrmObject, association_pairs, extra_object
from connectors.hubspot.transport import HubSpotTransport
from connectors.stream import Reading, ReadRequest

FULL_PASS, ARCHIVED_PASS, SWEEP = "full_pass_at", "archived_pass_at", "sweep_at"
LIST_PAGE, LIST_PAGE_WITH_HISTORY = 100, 50
BATCH = 100
# Then HubSpot deletes an archived record for good.
ARCHIVE_KEPT = timedelta(days=90)


class CrmObjects:
    """Reads CRM objects of one account."""

    def __init__(self, transport: HubSpotTransport) -> None:
        self.transport = transport
        settings = transport.settings
        self.schedule = settings.schedule
        extra = {name: extra_object(name) for name in settings.extra_objects}
        self.crm: Mapping[str, CrmObject] = {**extra, **CRM_OBJECT}
        self.pairs = association_pairs(self.crm)
        self._schemas: dict[str, list[dict[str, Any]]] = {}

    def schema(self, object_type: str) -> list[dict[str, Any]]:
        """Properties of an object type, asked once per run."""
        if object_type not in self._schemas:
            answer = self.transport.get("properties", type=object_type)
            self._schemas[object_type] = answer["results"]
        return self._schemas[object_type]

    def read(self, request: ReadRequest) -> Reading:
        """Read an object: everything at first and on schedule, else what changed."""
        crm = self.crm[request.stream.name]
        state, end = request.state, request.window.end
        fields = {one["name"]: str(one.get("type")) for one in self.schema(crm.name)}
        request.told = Reading(fields=fields)
        # The values of a field that is new are in records that no stamp announces.
        has_more = state is not None and not fields.keys() <= state.fields.keys()
        if (
            state
            and not request.is_first
            and not has_more
            and not state.is_due(FULL_PASS, self.schedule.full_pass, end)
        ):
            ids = changed_ids(self.transport, request, crm)
            if ids is not None:
                return self.read_changed(request, crm, ids, fields)
        names, columns = list(fields), records.columns_of(fields)
        for archived, page in self.everything(request, crm.name, names):
            request.writer.add(map(records.row_of, page.records), columns)
            request.save(archived=str(archived), after=page.after or "")
            request.progress(request.writer.rows_read)
        marks = dict.fromkeys((FULL_PASS, ARCHIVED_PASS, SWEEP), end.isoformat())
        return Reading(is_full=True, marks=marks, fields=fields)

    def everything(
        self,
        request: ReadRequest,
        object_type: str,
        names: Sequence[str],
        history: Sequence[str] = (),
    ) -> Iterator[tuple[bool, Page]]:
        """Page through the living, then through the archive; a first load from where it was."""
        archived, after = request.position.get("archived"), request.position.get("after")
        for is_archive in (False, True):
            if is_archive is False and (archived == "True" or (archived and not after)):
                continue
            if is_archive and archived == "True" and not after:
                continue
            start = after if archived == str(is_archive) else None
            kind: dict[str, Any] = {"archived": is_archive, "history": history}
            try:
                for page in self.listed(object_type, names, start=start or None, **kind):
                    start = None
                    yield is_archive, page
            except RefusedRequest:
                if not start:
                    raise
                # The place is not known any more.
                request.restart()
                for page in self.listed(object_type, names, **kind):
                    yield is_archive, page

    def read_changed(
        self, request: ReadRequest, crm: CrmObject, ids: list[str], fields: Mapping[str, str]
    ) -> Reading:
        """Read what has changed, what was archived, which losers of merges are gone."""
        state, window, writer = request.state, request.window, request.writer
        names, columns = list(fields), records.columns_of(fields)
        gone: dict[str, str] = {}
        seen: set[str] = set()
        for page in self.batch_read(crm.name, ids, {"properties": names}):
            rows = [records.row_of(record) for record in page]
            kept = [row for row in rows if records.is_seen(row["updatedAt"], window)]
            seen.update(row["id"] for row in kept)
            for row in kept:
                moment = str(row["_source_modified_at"])
                gone.update(dict.fromkeys(records.merged_away(row), moment))
            writer.add(kept, columns)
            request.progress(writer.rows_read)
        is_sweep = state is not None and state.is_due(SWEEP, self.schedule.sweep, window.end)
        if is_sweep:
            self.sweep(request, crm.name, names)
        marks = self.read_archived(request, crm.name, names, all_pages=is_sweep)
        losers = [one for one in gone if one not in seen]
        for page in self.batch_read(crm.name, losers, {"properties": ["hs_object_id"]}):
            # Asked for a merged-away id, HubSpot shows its survivor or nothing.
            seen.update(record["id"] for record in page)
        gone = {one: gone[one] for one in losers if one not in seen}
        if is_sweep:
            marks = {**marks, SWEEP: window.end.isoformat()}
        return Reading(gone=gone, marks=marks, fields=fields, is_sweep=is_sweep)

    def sweep(self, request: ReadRequest, object_type: str, names: Sequence[str]) -> None:
        """List all ids; what is known and not among them is asked for by id before it counts as
        purged.
        """
        writer = request.writer
        for page in self.listed(object_type, ["hs_object_id"], archived=False):
            writer.add_swept(record["id"] for record in page.records)
        absent = known.absent_ids(request.landing, "hubspot", object_type, writer.swept)
        for found in self.batch_read(object_type, absent, {"properties": names}):
            rows = [records.row_of(record) for record in found]
            kept = (row for row in rows if records.is_seen(row["updatedAt"], request.window))
            writer.add(kept, records.columns_of(names))
            writer.add_swept(row["id"] for row in rows)

    def read_archived(
        self, request: ReadRequest, object_type: str, names: Sequence[str], *, all_pages: bool
    ) -> dict[str, str]:
        """Read what was archived: the first page always, the rest on schedule.

        Archiving moves no stamp, so there is nothing to search by; most archives are one page.
        """
        state, window = request.state, request.window
        is_due = (
            all_pages
            or state is None
            or state.is_due(ARCHIVED_PASS, self.schedule.archived, window.end)
        )
        still: set[str] = set()
        columns = records.columns_of(names)
        for page in self.listed(object_type, names, archived=True):
            request.writer.add(map(records.row_of, page.records), columns)
            still.update(record["id"] for record in page.records)
            if not is_due:
                return {}
        # Restoring moves no stamp either: what left the archive may be back among the living.
        since = window.end - ARCHIVE_KEPT
        left = sorted(known.archived_ids(request.landing, object_type, since) - still)
        for found in self.batch_read(object_type, left, {"properties": names}):
            request.writer.add(map(records.row_of, found), columns)
        return {ARCHIVED_PASS: window.end.isoformat()}

    def listed(
        self,
        object_type: str,
        names: Sequence[str],
        *,
        archived: bool,
        history: Sequence[str] = (),
        start: str | None = None,
    ) -> Iterator[Page]:
        """Page through all records; more properties than an address holds are joined by id."""
        first, *rest = records.name_chunks(names)
        size = LIST_PAGE_WITH_HISTORY if history else LIST_PAGE
        query: list[tuple[str, Any]] = [("limit", size), ("archived", str(archived).lower())]
        if first:
            query.append(("properties", ",".join(first)))
        if history:
            query.append(("propertiesWithHistory", ",".join(history)))
        for page in pages(self.transport, "objects", query, start, type=object_type):
            if rest and page.records:
                others = [name for chunk in rest for name in chunk]
                more = {
                    record["id"]: record["properties"]
                    for found in self.batch_read(
                        object_type,
                        [record["id"] for record in page.records],
                        {"properties": others},
                        archived=archived,
                    )
                    for record in found
                }
                for record in page.records:
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
