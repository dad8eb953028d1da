"""Read the edges between records.

An edge moves no stamp. So the edges of every record that has landed since are read again; an edge
that turns out to have changed is read from its other side too, and all of them on schedule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from connectors import known
from connectors.errors import NotPermitted
from connectors.hubspot import records
from connectors.hubspot.crm_objects import CrmObjects
from connectors.stream import Reading, ReadRequest

FULL_PASS = "full_pass_at"
BATCH = 1_000

Pair = tuple[str, str]


class Associations:
    """Reads edges of one account."""

    def __init__(self, objects: CrmObjects) -> None:
        self.objects = objects
        self.transport = objects.transport

    def read(self, request: ReadRequest) -> Reading:
        """Read all edges at first and on schedule, else those of what has landed since."""
        state, landing = request.state, request.landing
        states = [landing.state("hubspot", name) for name in self.objects.crm]
        marks = {
            known.MARK.format(stream=name): known.newest(landing, "hubspot", name)
            for name in self.objects.crm
        }
        complete_to = min((one.window_end for one in states if one), default=None)
        every = self.objects.schedule.associations
        if state is None or request.is_first or state.is_due(FULL_PASS, every, request.window.end):
            # What lands while a first load is under way is read again after it.
            if request.is_first and state:
                marks = {**marks, **state.marks}
            request.told = Reading(marks=marks)
            self.read_all(request)
            marks[FULL_PASS] = request.window.end.isoformat()
            return Reading(is_full=True, marks=marks, complete_to=complete_to)
        self.read_changed(request)
        return Reading(marks=marks, complete_to=complete_to)

    def read_all(self, request: ReadRequest) -> None:
        """Read the edges of all records that are there; a first load goes on where it was."""
        ids: dict[str, list[str]] = {}
        refusals = []
        pairs = self.objects.pairs
        begin, after = int(request.position.get("pair", 0)), request.position.get("after", "")
        for number, (left, right) in enumerate(pairs):
            if number < begin:
                continue
            try:
                if left not in ids:
                    ids = {left: self.all_ids(request, left)}
                left_over = [one for one in ids[left] if number > begin or one > after]
                for batch in records.batches(left_over, BATCH):
                    rows = self.rows_of(left, right, batch)
                    request.writer.add(row for row in rows if row["toObjectId"])
                    request.save(pair=str(number), after=batch[-1])
            except NotPermitted as refusal:
                ids.setdefault(left, [])
                refusals.append(refusal)
            request.progress(request.writer.rows_read)
        if len(refusals) == len(pairs):
            raise refusals[0]

    def all_ids(self, request: ReadRequest, object_type: str) -> list[str]:
        """Ids of all records of a type: as landed, else as listed."""
        if request.landing.state("hubspot", object_type):
            return known.alive_ids(request.landing, "hubspot", object_type)
        pages = self.objects.listed(object_type, ["hs_object_id"], archived=False)
        return sorted(record["id"] for page in pages for record in page.records)

    def read_changed(self, request: ReadRequest) -> None:
        """Read edges of what has landed since, then from the other side what has changed."""
        landing, writer = request.landing, request.writer
        wanted: dict[Pair, set[str]] = defaultdict(set)
        for left in self.objects.crm:
            state = request.state
            if state is None:
                return
            ids, gone = known.landed_since(landing, "hubspot", left, state)
            for pair in self.objects.pairs:
                if pair[0] == left:
                    wanted[pair].update(ids)
                if pair[1] == left and gone:
                    pointing = known.edges(landing, *pair, ids=gone, reverse=True)
                    wanted[pair].update(start for start, _ in pointing)
        done: dict[Pair, set[str]] = defaultdict(set)
        while any(wanted.values()):
            # The second round holds only the other ends of changed edges, and ends it.
            following: dict[Pair, set[str]] = defaultdict(set)
            for (left, right), ids_now in wanted.items():
                ids_now -= done[left, right]
                if not ids_now:
                    continue
                done[left, right] |= ids_now
                before = known.edges(landing, left, right, ids=ids_now)
                after: set[Pair] = set()
                for rows in self.rows(left, right, sorted(ids_now)):
                    after.update(
                        (row["fromObjectId"], row["toObjectId"])
                        for row in rows
                        if row["toObjectId"]
                    )
                    writer.add(rows)
                    request.progress(writer.rows_read)
                if (right, left) in self.objects.pairs:
                    ends = {end for _, end in before ^ after}
                    following[right, left] |= ends - done[right, left]
            wanted = following

    def rows(self, left: str, right: str, ids: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
        """Yield rows of up to 1,000 records; a record without edges has one row that says so."""
        for batch in records.batches(ids, BATCH):
            yield self.rows_of(left, right, batch)

    def rows_of(self, left: str, right: str, batch: list[str]) -> list[dict[str, Any]]:
        """Rows of up to 1,000 records, however many pages their edges have."""
        found: dict[str, list[dict[str, Any]]] = {one: [] for one in batch}
        asked: list[dict[str, str]] = [{"id": one} for one in batch]
        while asked:
            answer = self.transport.post("associations", {"inputs": asked}, type=left, to=right)
            asked = []
            for result in answer.get("results") or []:
                start = str(result["from"]["id"])
                found.setdefault(start, []).extend(result.get("to") or [])
                after = (((result.get("paging") or {}).get("next")) or {}).get("after")
                if after:
                    asked.append({"id": start, "after": str(after)})
        return [row for start, ends in found.items() for row in edge_rows(left, right, start, ends)]


def edge_rows(
    left: str, right: str, start: str, ends: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """One row per edge, or one that says that there is none."""
    base = {"fromObjectType": left, "fromObjectId": start, "toObjectType": right}
    for end in ends:
        yield {
            **base,
            "toObjectId": str(end["toObjectId"]),
            "associationTypes": end.get("associationTypes") or [],
            "_source_modified_at": None,
            "_is_deleted": False,
        }
    if not ends:
        yield {
            **base,
            "toObjectId": None,
            "associationTypes": None,
            "_source_modified_at": None,
            "_is_deleted": True,
        }
