"""Read Salesforce: describe, then what changed; REST for few records, bulk jobs for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from simple_salesforce import Salesforce

from connectors.errors import JobFailed, NotPermitted, RefusedRequest
from connectors.salesforce import bulk, soql
from connectors.salesforce.session import SalesforceSession
from connectors.salesforce.streams import streams_with
from connectors.salesforce.sweep import SweepTaker, ids_only
from connectors.settings import SalesforceSettings
from connectors.stream import Reading, ReadRequest, Stream

BULK_FROM = 2_000
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
                return self.read_once(request)
            except RefusedRequest as error:
                if error.code not in MOVED:
                    raise
                request.restart()
                return self.read_once(request, goes_on=False)
        except NotPermitted as error:
            error.remedy = f"Ask for {request.stream.permission}"
            raise

    def read_once(self, request: ReadRequest, *, goes_on: bool = True) -> Reading:
        """Describe, then read everything or the window."""
        schema = self.describe(request.stream.name)
        request.told = Reading(fields=schema.fields)
        if goes_on and request.position and self.go_on(request, schema):
            return self.whole(request, schema)
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
        query = soql.query_text(schema, None if everything else request.window)
        self.land(request, schema, query, everything)
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

    def go_on(self, request: ReadRequest, schema: soql.ObjectSchema) -> bool:
        """Go on with the bulk job of a first load that was cut off; False when it is no more."""
        position, writer = request.position, request.writer
        if position.get("fields") != ",".join(schema.fields):
            return False
        try:
            bulk.land_job(
                self.opened(),
                position["job"],
                schema,
                writer,
                self.settings,
                locator=position["locator"],
                came=int(position["came"]),
                on_page=self.noting(request, schema, position["job"]),
            )
        except (RefusedRequest, NotPermitted, JobFailed):
            request.restart()
            return False
        return True

    def noting(
        self, request: ReadRequest, schema: soql.ObjectSchema, job: str
    ) -> Callable[[str, int], None]:
        """After each page of a job, say from where a run that is cut off would go on."""

        def note(locator: str, came: int) -> None:
            fields = ",".join(schema.fields)
            request.save(job=job, locator=locator, came=str(came), fields=fields)
            request.progress(request.writer.rows_read)

        return note

    def sweep(self, request: ReadRequest, schema: soql.ObjectSchema) -> None:
        """Read all ids, to find what is purged."""
        ids, taker = ids_only(schema), SweepTaker(request.writer)
        client = self.opened()
        query = soql.query_text(ids, None)
        page = self.first_page(ids, query)
        if page is None or page["totalSize"] > BULK_FROM:
            job = self.start_job(ids, query, is_only_way=page is None)
            if job:
                bulk.land_job(client, job, ids, taker, self.settings)
                return
        for records in self.pages(page, ids):
            taker.add(records)

    def land(
        self, request: ReadRequest, schema: soql.ObjectSchema, query: str, everything: bool
    ) -> None:
        """Give the rows of a query to the writer, by the way that suits their number."""
        client, writer = self.opened(), request.writer
        page = self.first_page(schema, query)
        if page is None or page["totalSize"] > BULK_FROM:
            job = self.start_job(schema, query, is_only_way=page is None)
            if job:
                bulk.land_job(
                    client,
                    job,
                    schema,
                    writer,
                    self.settings,
                    on_page=self.noting(request, schema, job),
                )
                request.progress(writer.rows_read)
                return
        for records in self.pages(page, schema):
            rows = (soql.row_of(record, schema) for record in records)
            writer.add(row for row in rows if everything or soql.is_in(row, request.window))
            request.progress(writer.rows_read)

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

    def pages(self, page: Any, schema: soql.ObjectSchema) -> Iterator[list[dict[str, Any]]]:
        """Yield a query's pages; a locator that comes twice would never end."""
        seen: set[str] = set()
        announced, came = page["totalSize"], 0
        while True:
            came += len(page["records"])
            yield page["records"]
            following = page.get("nextRecordsUrl")
            if page.get("done", True) or not following:
                if came < announced:
                    raise RefusedRequest(
                        f"{came:,} of {announced:,} announced records came",
                        code="INCOMPLETE",
                        remedy="Run again; if it stays, report it to Salesforce support",
                    )
                return
            if following in seen:
                raise RefusedRequest(
                    "the same page is announced again",
                    code="INVALID_QUERY_LOCATOR",
                    remedy="Run again; if it stays, report it to Salesforce support",
                )
            seen.add(following)
            page = self.opened().query_more(
                following, identifier_is_url=True, include_deleted=schema.keeps_deleted
            )
