"""Read Salesforce: describe, then what changed; REST for few records, bulk jobs for many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from simple_salesforce import Salesforce

from connectors.errors import NotPermitted, RefusedRequest
from connectors.salesforce import bulk, soql
from connectors.salesforce.session import SalesforceSession
from connectors.salesforce.streams import STREAMS
from connectors.settings import SalesforceSettings
from connectors.stream import FULL_PASS_EVERY, Reading, ReadRequest, Stream

BULK_FROM = 2_000
FULL_PASS = "full_pass_at"
# A field or a page that vanished between two requests: describe again and start over, once.
MOVED = frozenset({"INVALID_FIELD", "INVALID_QUERY_LOCATOR", "INCOMPLETE"})


class SalesforceConnector:
    """One org."""

    source = "salesforce"

    def __init__(self, settings: SalesforceSettings, streams: tuple[Stream, ...] = STREAMS) -> None:
        self.settings, self.streams = settings, streams
        self.session = SalesforceSession(settings)
        self.client: Salesforce | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self.session.transport.requests

    def open(self) -> datetime:
        """Log in; the answer's date is the org's clock."""
        self.session.log_in()
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
                request.writer.discard()
                return self.read_once(request)
        except NotPermitted as error:
            error.remedy = f"Ask for {request.stream.permission}"
            raise

    def read_once(self, request: ReadRequest) -> Reading:
        """Describe, then read everything or the window."""
        schema = self.describe(request.stream.name)
        state, window = request.state, request.window
        everything = (
            request.stream.reading == "full"
            or schema.cursor is None
            or state is None
            or state.is_due(FULL_PASS, FULL_PASS_EVERY, window.end)
        )
        query = soql.query_text(schema, None if everything else window)
        self.land(request, schema, query, everything)
        scheduled = everything and request.stream.reading == "incremental"
        return Reading(
            is_full=everything,
            marks={FULL_PASS: window.end.isoformat()} if scheduled else {},
            fields=schema.fields,
        )

    def land(
        self, request: ReadRequest, schema: soql.ObjectSchema, query: str, everything: bool
    ) -> None:
        """Give the rows of a query to the writer, by the way that suits their number."""
        client, writer = self.opened(), request.writer
        page: Any = None
        if soql.fits_in_url(query):
            page = client.query(query, include_deleted=schema.keeps_deleted)
        if page is None or page["totalSize"] > BULK_FROM:
            job = self.start_job(schema, query, is_only_way=page is None)
            if job:
                bulk.land_job(client, job, schema, writer, self.settings)
                request.progress(writer.rows_read)
                return
        for records in self.pages(page, schema):
            rows = (soql.row_of(record, schema) for record in records)
            writer.add(row for row in rows if everything or soql.is_in(row, request.window))
            request.progress(writer.rows_read)

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
                        f"{came:,} of {announced:,} announced records came", code="INCOMPLETE"
                    )
                return
            if following in seen:
                raise RefusedRequest(
                    "the same page is announced again", code="INVALID_QUERY_LOCATOR"
                )
            seen.add(following)
            page = self.opened().query_more(
                following, identifier_is_url=True, include_deleted=schema.keeps_deleted
            )
