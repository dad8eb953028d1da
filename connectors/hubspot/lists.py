"""Read lists and their members.

A list says how many records it holds and when the last one came or left, so the members of a list
are read again when that has changed, and of all lists on schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from connectors import known
from connectors.errors import Missing, NotPermitted
from connectors.hubspot import records
from connectors.hubspot.crm_objects import FULL_PASS, CrmObjects
from connectors.hubspot.paging import pages
from connectors.stream import Reading, ReadRequest

LISTS_PAGE, MEMBERS_PAGE = 250, 250
ATTEMPTS = 3
ADDITIONAL = ("hs_list_size", "hs_last_record_added_at", "hs_last_record_removed_at")


class Lists:
    """Reads lists of one account."""

    def __init__(self, objects: CrmObjects) -> None:
        self.objects = objects
        self.transport = objects.transport
        self.readers: Mapping[str, Callable[[ReadRequest], Reading]] = {
            "lists": self.lists,
            "list_memberships": self.memberships,
        }

    def lists(self, request: ReadRequest) -> Reading:
        """All lists, without their members."""
        rows, is_whole = self.all_lists()
        request.writer.add(rows)
        return Reading(is_full=is_whole)

    def all_lists(self) -> tuple[list[dict[str, Any]], bool]:
        """Every list as a row, with what is told about its members; whether none was passed over.

        Pages are told by their offset, and the reference names no order to ask for: a list that is
        made or deleted meanwhile moves others, and one of them would look gone. The count that each
        page states shows it, and all are asked for again; where it never holds, no list is taken
        for gone.
        """
        for _ in range(ATTEMPTS):
            found: dict[str, dict[str, Any]] = {}
            totals = set[int]()
            offset, seen = 0, -1
            while offset > seen:
                seen = offset
                body = {"count": LISTS_PAGE, "offset": offset, "additionalProperties": ADDITIONAL}
                answer = self.transport.post("lists", body)
                told = answer.get("lists") or []
                found.update((str(one["listId"]), list_row(one)) for one in told)
                if "total" in answer:
                    totals.add(int(answer["total"]))
                if answer.get("hasMore"):
                    offset = int(answer.get("offset") or 0)
            if totals <= {len(found)}:
                return list(found.values()), True
        return list(found.values()), False

    def memberships(self, request: ReadRequest) -> Reading:
        """Members of all lists at first and on schedule, else of lists that have changed.

        A list of records that the token may not read is passed over and keeps what it had.
        """
        state, window, landing = request.state, request.window, request.landing
        marks = {known.MARK.format(stream="lists"): known.newest(landing, "hubspot", "lists")}
        every = self.objects.schedule.associations
        if state is None or request.is_first or state.is_due(FULL_PASS, every, window.end):
            if request.is_first and state:
                marks = {**marks, **state.marks}
            request.told = Reading(marks=marks)
            refusals, list_ids = [], self.all_ids(request)
            for list_id in list_ids:
                if list_id > request.position.get("list", ""):
                    try:
                        self.read_members(request, list_id, is_first=request.is_first)
                    except NotPermitted as refusal:
                        refusals.append(refusal)
                    request.save(list=list_id)
            if refusals and len(refusals) == len(list_ids):
                raise refusals[0]
            marks = {**marks, FULL_PASS: window.end.isoformat()}
            return Reading(is_full=not refusals, marks=marks)
        changed, gone = known.landed_since(landing, "hubspot", "lists", state, "listId")
        for list_id in changed:
            if list_id in gone:
                request.writer.add([member_row(list_id, None)])
            else:
                with suppress(NotPermitted):
                    self.read_members(request, list_id, is_first=False)
        return Reading(marks=marks)

    def all_ids(self, request: ReadRequest) -> list[str]:
        """Ids of all lists: as landed, else as listed."""
        if request.landing.state("hubspot", "lists"):
            return known.alive_ids(request.landing, "hubspot", "lists", "listId")
        return sorted(str(row["listId"]) for row in self.all_lists()[0])

    def read_members(self, request: ReadRequest, list_id: str, *, is_first: bool) -> None:
        """Members of one list; an empty one has a row that says so, unless it never had any."""
        count = 0
        query = [("limit", MEMBERS_PAGE)]
        with suppress(Missing):
            for page in pages(self.transport, "memberships", query, id=list_id):
                request.writer.add(member_row(list_id, one) for one in page.records)
                count += len(page.records)
        if not count and not is_first:
            request.writer.add([member_row(list_id, None)])
        request.progress(request.writer.rows_read)


def list_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """One list; what is told about its members becomes columns."""
    row = records.flat_row(record)
    more = record.get("additionalProperties")
    told = more if isinstance(more, dict) else {}
    return {**row, **{name: told.get(name) for name in ADDITIONAL}}


def member_row(list_id: str, member: Mapping[str, Any] | None) -> dict[str, Any]:
    """One member, or the row that says that there is none."""
    one = member or {}
    return {
        "listId": list_id,
        "recordId": one.get("recordId"),
        "membershipTimestamp": one.get("membershipTimestamp"),
        "_source_modified_at": one.get("membershipTimestamp"),
        "_is_deleted": member is None,
    }
