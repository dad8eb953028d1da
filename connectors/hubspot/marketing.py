"""Read what is not a CRM object: owners, pipelines, properties, forms, e-mail events, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors import known
from connectors.errors import NotPermitted, UnreadableAnswer
from connectors.hubspot import records
from connectors.hubspot.crm_objects import FULL_PASS, CrmObjects, pages
from connectors.hubspot.streams import CRM_OBJECT
from connectors.stream import ARCHIVED_PASS_EVERY, FULL_PASS_EVERY, Reading, ReadRequest

SUBMISSIONS_PAGE = 50
EVENTS_PAGE = 1_000
LISTS_PAGE = 250
CAMPAIGN_PROPERTIES = (
    "hs_name",
    "hs_start_date",
    "hs_end_date",
    "hs_campaign_status",
    "hs_utm",
    "hs_owner",
    "hs_currency_code",
    "hs_budget_items_sum_amount",
    "hs_spend_items_sum_amount",
)


class Marketing:
    """Reads set-up and marketing objects of one account."""

    def __init__(self, objects: CrmObjects) -> None:
        self.objects = objects
        self.transport = objects.transport
        self.readers: Mapping[str, Callable[[ReadRequest], Reading]] = {
            "owners": self.owners,
            "pipelines": self.pipelines,
            "properties": self.properties,
            "forms": self.forms,
            "form_submissions": self.form_submissions,
            "email_events": self.email_events,
            "campaigns": self.campaigns,
            "lists": self.lists,
        }

    def owners(self, request: ReadRequest) -> Reading:
        """All owners, those who have left included."""
        return self.active_and_archived(request, "owners", [("limit", 100)])

    def forms(self, request: ReadRequest) -> Reading:
        """All forms of all kinds."""
        return self.active_and_archived(request, "forms", [("limit", 100), ("formTypes", "all")])

    def active_and_archived(
        self, request: ReadRequest, endpoint: str, query: list[tuple[str, Any]]
    ) -> Reading:
        """Read a whole list, and what was archived of it."""
        for archived in ("false", "true"):
            for page in pages(self.transport, endpoint, [*query, ("archived", archived)]):
                for row in map(records.flat_row, page):
                    row["_is_deleted"] = row["_is_deleted"] or archived == "true"
                    request.writer.add([row])
        return Reading(is_full=True)

    def pipelines(self, request: ReadRequest) -> Reading:
        """All stages of deal pipelines."""
        for pipeline in self.transport.get("pipelines", type="deals")["results"]:
            request.writer.add(records.stage_rows("deals", pipeline))
        return Reading(is_full=True)

    def properties(self, request: ReadRequest) -> Reading:
        """Properties of all object types that may be read."""
        refusals = []
        for object_type in CRM_OBJECT:
            try:
                schema = self.objects.schema(object_type)
            except NotPermitted as refusal:
                refusals.append(refusal)
                continue
            request.writer.add(records.property_row(object_type, one) for one in schema)
        if len(refusals) == len(CRM_OBJECT):
            raise refusals[0]
        return Reading(is_full=not refusals)

    def form_submissions(self, request: ReadRequest) -> Reading:
        """Submissions of each form, newest first, back to the start of the window.

        A submission always touches its contact: when no contact has landed since the last
        reading there is nothing to ask for, except once a day.
        """
        state, window, landing = request.state, request.window, request.landing
        mark = {known.MARK.format(stream="contacts"): known.newest(landing, "hubspot", "contacts")}
        is_due = state is None or state.is_due(FULL_PASS, ARCHIVED_PASS_EVERY, window.end)
        if (
            state
            and not is_due
            and not known.landed_since(landing, "hubspot", "contacts", state)[0]
        ):
            return Reading(marks=mark)
        start = records.milliseconds(window.start) if window.start else None
        for form_id in self.form_ids(request):
            query = [("limit", SUBMISSIONS_PAGE)]
            for page in pages(self.transport, "form_submissions", query, id=form_id):
                stamps = [int(one.get("submittedAt") or 0) for one in page]
                rows = [records.submission_row(form_id, one) for one in page]
                request.writer.add(
                    row
                    for row, stamp in zip(rows, stamps, strict=True)
                    if start is None or stamp >= start
                )
                is_ordered = stamps == sorted(stamps, reverse=True)
                if start is not None and stamps and is_ordered and stamps[-1] < start:
                    break
            request.progress(request.writer.rows_read)
        return Reading(marks={**mark, FULL_PASS: window.end.isoformat()})

    def form_ids(self, request: ReadRequest) -> list[str]:
        """Ids of all forms, archived ones included: as landed, else as listed."""
        landed = request.landing.files("hubspot", "forms")
        if landed:
            return known.all_ids(request.landing, "hubspot", "forms")
        query = [("limit", 100), ("formTypes", "all")]
        return [form["id"] for page in pages(self.transport, "forms", query) for form in page]

    def email_events(self, request: ReadRequest) -> Reading:
        """Events of marketing e-mails in the window."""
        state, window = request.state, request.window
        everything = state is None or state.is_due(FULL_PASS, FULL_PASS_EVERY, window.end)
        query: list[tuple[str, Any]] = [("limit", EVENTS_PAGE)]
        if window.start is not None and not everything:
            query.append(("startTimestamp", records.milliseconds(window.start)))
        query.append(("endTimestamp", records.milliseconds(window.read_until) + 1000))
        for page in self.event_pages(query):
            request.writer.add(
                {
                    **one,
                    "_source_modified_at": records.iso_of(one.get("created")),
                    "_is_deleted": False,
                }
                for one in page
            )
            request.progress(request.writer.rows_read)
        return Reading(marks={FULL_PASS: window.end.isoformat()} if everything else {})

    def event_pages(self, query: list[tuple[str, Any]]) -> Iterator[list[dict[str, Any]]]:
        """Follow `offset` while there is more."""
        offset: str | None = None
        seen: set[str] = set()
        while True:
            asked = [*query, ("offset", offset)] if offset else query
            answer = self.transport.get("email_events", asked)
            yield answer.get("events") or []
            offset = str(answer.get("offset") or "")
            if not answer.get("hasMore") or not offset:
                return
            if offset in seen:
                raise UnreadableAnswer("HubSpot announces the same page of email_events again")
            seen.add(offset)

    def campaigns(self, request: ReadRequest) -> Reading:
        """All marketing campaigns."""
        query = [("limit", 100), ("properties", ",".join(CAMPAIGN_PROPERTIES))]
        for page in pages(self.transport, "campaigns", query):
            request.writer.add(map(records.row_of, page))
        return Reading(is_full=True)

    def lists(self, request: ReadRequest) -> Reading:
        """All lists, without their members."""
        offset, seen = 0, -1
        while offset > seen:
            seen = offset
            answer = self.transport.post("lists", {"count": LISTS_PAGE, "offset": offset})
            request.writer.add(map(records.flat_row, answer.get("lists") or []))
            if answer.get("hasMore"):
                offset = int(answer.get("offset") or 0)
        return Reading(is_full=True)
