"""Read Salesforce: describe, then what changed; REST for few records, bulk jobs for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from simple_salesforce import Salesforce

from connectors.errors import JobFailed, JobUnfinished, NotPermitted, RefusedRequest
from connectors.salesforce import bulk, halves, soql
from connectors.salesforce.rest import pages
from connectors.salesforce.session import SalesforceSession
from connectors.salesforce.streams import streams_with
from connectors.salesforce.sweep import SweepTaker, ids_only
from connectors.settings import SalesforceSettings
from connectors.stream import WAITS_FOR, Reading, ReadRequest, Stream, Window

BULK_FROM = 2_000
# Then a job that has not ended is more likely stuck than busy, and another one is started.
LONGEST_JOB = timedelta(days=1)
FULL_PASS, SWEEP = "full_pass_at", "sweep_at"
# A field or a page that vanished between two requests: describe again and start over, once.
MOVED = frozenset({"INVALID_FIELD", "INVALID_QUERY_LOCATOR", "INCOMPLETE"})


class SalesforceConnector:
    """One org."""

    source = "salesforce"

    def __init__(self, settings: SalesforceSettings) -> None:
        self.settings = settings
        self.streams: tuple[Stream, ...] = streams_with(settings.extra_objects)
        self.session = SalesforceSession(settings)
        self.client: Salesforce | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self.session.transport.requests

    def open(self) -> datetime:
        """Log in; the answer's date is the org's clock."""
        self.session.log_in()
        self.session.check_version()
        self.client = self.session.client()
        return self.session.transport.server_now or datetime.now(UTC).replace(tzinfo=None)

    def close(self) -> None:
        """Give back connections."""
        self.session.http.close()

    def describe(self, name: str) -> soql.ObjectSchema:
        """Ask what the credentials can see of an object, on every run anew."""
        described: Any = self.opened().restful(f"sobjects/{name}/describe")
        schema = soql.schema_of(name, described)
        if not described.get("queryable", True) or not schema.fields:
            raise NotPermitted("the credentials may not read this object")
        return schema

    def opened(self) -> Salesforce:
        """The client; opening happens first."""
        if self.client is None:
            self.open()
        if self.client is None:
            raise RuntimeError("not opened")
        return self.client

    def read(self, request: ReadRequest) -> Reading:
        """Read one object."""
        try:
            try:
                reading = self.read_once(request)
            except RefusedRequest as error:
                if error.code not in MOVED:
                    raise
                request.restart()
                reading = self.read_once(request, goes_on=False)
        except NotPermitted as error:
            error.remedy = f"Ask for {request.stream.permission}"
            raise
        if request.state and request.state.marks.get(WAITS_FOR):
            # What was waited for came, or is no more.
            return replace(reading, marks={**reading.marks, WAITS_FOR: ""})
        return reading

    def read_once(self, request: ReadRequest, *, goes_on: bool = True) -> Reading:
        """Describe, then read everything or the window."""
        schema = self.describe(request.stream.name)
        request.told = Reading(fields=schema.fields)
        if goes_on and request.position:
            reading = self.go_on(request, schema)
            if reading:
                return reading
        state, end, schedule = request.state, request.window.end, self.settings.schedule
        everything = (
            request.stream.reading == "full"
            or schema.cursor is None
            or state is None
            or request.is_first
            # The values of a field that is new are in records that no stamp announces.
            or not schema.fields.keys() <= state.fields.keys()
            or state.is_due(FULL_PASS, schedule.full_pass, end)
        )
        self.land(request, schema, None if everything else request.window)
        if everything:
            return self.whole(request, schema)
        if (
            not request.stream.absence_means_deleted
            or state is None
            or not state.is_due(SWEEP, schedule.sweep, end)
        ):
            return Reading(fields=schema.fields)
        self.sweep(request, schema)
        return Reading(fields=schema.fields, marks={SWEEP: end.isoformat()}, is_sweep=True)

    def whole(self, request: ReadRequest, schema: soql.ObjectSchema) -> Reading:
        """What is told after everything was read."""
        is_scheduled = request.stream.reading == "incremental"
        done = dict.fromkeys((FULL_PASS, SWEEP), request.window.end.isoformat())
        return Reading(is_full=True, marks=done if is_scheduled else {}, fields=schema.fields)

    def go_on(self, request: ReadRequest, schema: soql.ObjectSchema) -> Reading | None:
        """Take up the bulk job of a reading that was cut off; None when it is no more.

        It tells what was there when it began, so after the first load that is how far the reading
        is complete.
        """
        position, job = request.position, request.position["job"]
        now = request.window.read_until
        since = datetime.fromisoformat(position.get("since") or now.isoformat())
        try:
            if position["fields"] == ",".join(schema.fields):
                self.take_job(request, schema, position)
                if request.is_first:
                    return self.whole(request, schema)
                is_all = position["everything"] == "True"
                told = self.whole(request, schema) if is_all else Reading(fields=schema.fields)
                return replace(told, complete_to=datetime.fromisoformat(position["end"]))
        except JobUnfinished:
            if now - since < LONGEST_JOB:
                raise
        except (RefusedRequest, NotPermitted, JobFailed):
            pass
        bulk.abort(self.opened(), job)
        request.restart()
        return None

    def take_job(
        self, request: ReadRequest, schema: soql.ObjectSchema, position: Mapping[str, str]
    ) -> None:
        """Give the rows of a bulk job to the writer; say from where a run that is cut off goes on.

        After each page of a first load that is the next one; later only whole jobs land.
        """

        def note(locator: str, came: int) -> None:
            request.save(**{**position, "locator": locator, "came": str(came)})
            request.progress(request.writer.rows_read)

        try:
            bulk.land_job(
                self.opened(),
                position["job"],
                schema,
                request.writer,
                self.settings,
                locator=position["locator"],
                came=int(position["came"]),
                on_page=note,
            )
        except bulk.JOB_STAYS:
            request.wait_for(**position)
            raise

    def sweep(self, request: ReadRequest, schema: soql.ObjectSchema) -> None:
        """Read all ids, to find what is purged."""
        ids = ids_only(schema)
        self.take(ids, soql.query_text(ids, None), SweepTaker(request.writer), None)

    def land(self, request: ReadRequest, schema: soql.ObjectSchema, window: Window | None) -> None:
        """Give all rows of an object, or those of a window, to the writer."""
        try:
            query = soql.query_text(schema, window)
            self.take(schema, query, request.writer, window, request)
        except (RefusedRequest, JobFailed) as error:
            if error.code != soql.TOO_COMPLICATED:
                raise
            halves.land(schema, window, request.writer, self.take)
            request.progress(request.writer.rows_read)

    def take(
        self,
        schema: soql.ObjectSchema,
        query: str,
        taker: bulk.Taker,
        window: Window | None,
        request: ReadRequest | None = None,
    ) -> None:
        """Give the rows of a query to a taker, by the way that suits their number.

        With a request, a later run takes up the bulk job where this one is cut off.
        """
        page = self.first_page(schema, query)
        if page is None or page["totalSize"] > BULK_FROM:
            job = self.start_job(schema, query, is_only_way=page is None)
            if job and request:
                self.take_job(request, schema, bulk.place(request, schema, window, job))
            elif job:
                bulk.land_job(self.opened(), job, schema, taker, self.settings)
            if job:
                return
        for records in pages(self.opened(), page, schema):
            rows = (soql.row_of(record, schema) for record in records)
            taker.add(row for row in rows if window is None or soql.is_in(row, window))
            if request:
                request.progress(taker.rows_read)

    def first_page(self, schema: soql.ObjectSchema, query: str) -> Any:
        """Ask by REST; None when only bulk can: a long query, or one that takes REST too long."""
        if not soql.fits_in_url(query):
            return None
        try:
            return self.opened().query(query, include_deleted=schema.keeps_deleted)
        except RefusedRequest as refusal:
            if refusal.code != "QUERY_TIMEOUT":
                raise
            return None

    def start_job(self, schema: soql.ObjectSchema, query: str, is_only_way: bool) -> str | None:
        """Start a bulk job; None when the object is one of the few that bulk does not serve."""
        try:
            return bulk.start_job(self.opened(), schema, query)
        except (RefusedRequest, NotPermitted):
            if is_only_way:
                raise
            return None
