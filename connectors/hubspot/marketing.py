"""Read what is not a CRM object: owners, pipelines, properties, forms, e-mails, campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from connectors import known
from connectors.errors import Missing, NotPermitted, RefusedRequest, UnreadableAnswer
from connectors.hubspot import records
from connectors.hubspot.crm_objects import FULL_PASS, CrmObjects
from connectors.hubspot.paging import pages, records_of
from connectors.stream import Reading, ReadRequest

SUBMISSIONS_PAGE = 50
EVENTS_PAGE = 1_000
# The cursor of these lists is an offset, and HubSpot sorts by name unless told otherwise: what is
# renamed while pages are read would move others from the next page into one read already.
BY_CREATION = ("sort", "createdAt")
# A form's submissions and an e-mail's events never change; late ones are looked for so far back.
LATE = timedelta(days=30)
PIPELINES_OF = ("deals", "leads")
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
            "marketing_emails": self.marketing_emails,
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
            asked = [*query, ("archived", archived)]
            for row in map(records.flat_row, records_of(self.transport, endpoint, asked)):
                row["_is_deleted"] = row["_is_deleted"] or archived == "true"
                request.writer.add([row])
        return Reading(is_full=True)

    def pipelines(self, request: ReadRequest) -> Reading:
        """All stages of the pipelines of deals and leads."""
        is_full = True
        for object_type in PIPELINES_OF:
            try:
                found = self.transport.get("pipelines", type=object_type)["results"]
            except NotPermitted:
                if object_type == "deals":
                    raise
                is_full = False
                continue
            for pipeline in found:
                request.writer.add(records.stage_rows(object_type, pipeline))
        return Reading(is_full=is_full)

    def properties(self, request: ReadRequest) -> Reading:
        """Properties of all object types that may be read."""
        refusals = []
        for object_type in self.objects.crm:
            try:
                schema = self.objects.schema(object_type)
            except NotPermitted as refusal:
                refusals.append(refusal)
                continue
            request.writer.add(records.property_row(object_type, one) for one in schema)
        if len(refusals) == len(self.objects.crm):
            raise refusals[0]
        return Reading(is_full=not refusals)

    def form_submissions(self, request: ReadRequest) -> Reading:
        """Submissions of each form, newest first, back to the start of the window.

        A submission always touches its contact: when no contact has landed since the last
        reading there is nothing to ask for, except once a day.
        """
        state, window, landing = request.state, request.window, request.landing
        mark = {known.MARK.format(stream="contacts"): known.newest(landing, "hubspot", "contacts")}
        if request.is_first and state:
            mark = {**mark, **state.marks}
        request.told = Reading(marks=mark)
        every = self.objects.schedule.archived
        is_due = state is None or request.is_first or state.is_due(FULL_PASS, every, window.end)
        if (
            state
            and not is_due
            and not known.landed_since(landing, "hubspot", "contacts", state)[0]
        ):
            return Reading(marks=mark)
        begin, after = request.position.get("form", ""), request.position.get("after", "")
        for form_id in sorted(self.form_ids(request)):
            if form_id < begin or (form_id == begin and not after):
                continue
            # A form that was deleted for good is among the known ones still.
            with suppress(Missing):
                try:
                    self.read_form(request, form_id, after if form_id == begin else None)
                except RefusedRequest as refusal:
                    # Forms of blog comments are listed, and their submissions never given.
                    if refusal.code != "FORM_TYPE_NOT_ALLOWED":
                        raise
        return Reading(marks={**mark, FULL_PASS: window.end.isoformat()})

    def read_form(self, request: ReadRequest, form_id: str, begin: str | None) -> None:
        """Submissions of one form."""
        window = request.window
        start = records.milliseconds(window.start) if window.start else None
        query = [("limit", SUBMISSIONS_PAGE)]
        for page in pages(self.transport, "form_submissions", query, begin, id=form_id):
            stamps = [int(one.get("submittedAt") or 0) for one in page.records]
            rows = [records.submission_row(form_id, one) for one in page.records]
            request.writer.add(
                row
                for row, stamp in zip(rows, stamps, strict=True)
                if start is None or stamp >= start
            )
            request.save(form=form_id, after=page.after or "")
            is_ordered = stamps == sorted(stamps, reverse=True)
            if start is not None and stamps and is_ordered and stamps[-1] < start:
                break
        request.progress(request.writer.rows_read)

    def form_ids(self, request: ReadRequest) -> list[str]:
        """Ids of all forms, archived ones included: as landed, else as listed."""
        landed = request.landing.files("hubspot", "forms")
        if landed:
            return known.all_ids(request.landing, "hubspot", "forms")
        query = [("limit", 100), ("formTypes", "all")]
        return [form["id"] for form in records_of(self.transport, "forms", query)]

    def email_events(self, request: ReadRequest) -> Reading:
        """Events of marketing e-mails in the window, newest first; now and then further back."""
        state, window = request.state, request.window
        every = self.objects.schedule.full_pass
        is_due = state is None or request.is_first or state.is_due(FULL_PASS, every, window.end)
        end = records.milliseconds(window.read_until) + 1000
        # A first load that was cut off goes on at the moment of the oldest event that it has, and
        # meets those of that moment again.
        request.has_restarted = bool(request.position)
        query: list[tuple[str, Any]] = [("limit", EVENTS_PAGE)]
        if window.start is not None:
            start = min(window.start, window.end - LATE) if is_due else window.start
            query.append(("startTimestamp", records.milliseconds(start)))
        query.append(("endTimestamp", int(request.position.get("before", end))))
        for page in self.event_pages(query):
            request.writer.add(
                {
                    **one,
                    "_source_modified_at": records.iso_of(one.get("created")),
                    "_is_deleted": False,
                }
                for one in page
            )
            if page:
                request.save(before=str(min(int(one["created"]) for one in page) + 1))
            request.progress(request.writer.rows_read)
        return Reading(marks={FULL_PASS: window.end.isoformat()} if is_due else {})

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
                raise UnreadableAnswer(
                    "HubSpot announces the same page of email_events again",
                    remedy="Run again; if it stays, report it to HubSpot support",
                )
            seen.add(offset)

    def campaigns(self, request: ReadRequest) -> Reading:
        """All marketing campaigns."""
        query = [("limit", 100), BY_CREATION, ("properties", ",".join(CAMPAIGN_PROPERTIES))]
        found = map(records.row_of, records_of(self.transport, "campaigns", query))
        request.writer.add(found, records.columns_of(CAMPAIGN_PROPERTIES))
        return Reading(is_full=True)

    def marketing_emails(self, request: ReadRequest) -> Reading:
        """All marketing e-mails."""
        query = [("limit", 100), BY_CREATION]
        return self.active_and_archived(request, "marketing_emails", query)
