"""Bulk API 2.0 query jobs: for many records, cheaper in requests and in time than REST.

A small wrapper over the client's own, which cannot do `queryAll` and checks no counts.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import duckdb
import requests
from simple_salesforce import Salesforce
from simple_salesforce.bulk2 import Operation
from simple_salesforce.exceptions import SalesforceError

from connectors.errors import (
    ConnectorError,
    JobFailed,
    JobUnfinished,
    QuotaExhausted,
    SessionExpired,
    Unreachable,
    UnreadableAnswer,
    WrongCredentials,
)
from connectors.salesforce.soql import TOO_COMPLICATED, ObjectSchema
from connectors.settings import SalesforceSettings
from connectors.stream import ReadRequest, Window

PAGE_ROWS = 50_000
CHUNK = 1 << 20
PAGE_ATTEMPTS = 4
# After one of these a job is still there, for seven days.
JOB_STAYS = (JobUnfinished, QuotaExhausted, Unreachable, SessionExpired, WrongCredentials)


def start_job(client: Salesforce, schema: ObjectSchema, query: str) -> str:
    """Create a query job and return its id."""
    operation = Operation.query_all if schema.keeps_deleted else Operation.query
    return str(bulk_client(client, schema.name).create_job(operation, query=query)["id"])


class Taker(Protocol):
    """Whoever takes rows: a batch, some of an object's fields, or a sweep of ids."""

    folder: Path
    rows_read: int

    def engine(self) -> Any:
        """Make the folder ready."""

    def add(self, rows: Iterable[dict[str, Any]]) -> Any:
        """Take a REST page."""

    def add_csv(
        self,
        path: Path,
        columns: Iterable[str],
        modified: str | None,
        deleted: str | None,
        *,
        expected: int,
    ) -> None:
        """Take a bulk page if it has as many rows as it should have."""


def land_job(
    client: Salesforce,
    job: str,
    schema: ObjectSchema,
    writer: Taker,
    settings: SalesforceSettings,
    *,
    locator: str = "",
    came: int = 0,
    on_page: Callable[[str, int], None] | None = None,
) -> None:
    """Wait for a job, give its rows to the writer, check that none is missing.

    With a locator, goes on with a job of which `came` rows have been taken. `on_page` is told
    after each page from where a later run would go on; without, no later run does, and a job that
    takes too long is ended.
    """
    try:
        announced = await_job(client, job, schema, settings)
        first = True
        while first or locator:
            first, before = False, writer.rows_read
            locator = land_page(client, job, locator, schema, writer, settings)
            came += writer.rows_read - before
            if locator and on_page:
                on_page(locator, came)
        if announced is not None and came != announced:
            raise UnreadableAnswer(
                f"a bulk job processed {announced:,} records, its results have {came:,}",
                remedy="Run again; if it stays, report it to Salesforce support",
            )
    except JOB_STAYS as error:
        if isinstance(error, JobUnfinished) and not on_page:
            abort(client, job)
        raise
    except ConnectorError:
        abort(client, job)
        raise
    end_job(client, job, "DELETE", None)


def place(
    request: ReadRequest, schema: ObjectSchema, window: Window | None, job: str
) -> dict[str, str]:
    """From where a run that is cut off takes up a job: its start, and what it was to tell."""
    return {
        "job": job,
        "locator": "",
        "came": "0",
        "fields": ",".join(schema.fields),
        "everything": str(window is None),
        "end": request.window.end.isoformat(),
        "since": request.window.read_until.isoformat(),
    }


def bulk_client(client: Salesforce, name: str) -> Any:
    """The client's internal one, whose steps are usable one by one, and which changes nothing."""
    steps = getattr(client.bulk2, name)._client
    # It would drop NUL characters, which are part of what somebody wrote.
    steps.filter_null_bytes = lambda content: content
    return steps


def await_job(
    client: Salesforce, job: str, schema: ObjectSchema, settings: SalesforceSettings
) -> int | None:
    """Return how many records the job says it has processed."""
    steps = bulk_client(client, schema.name)
    give_up, pause = time.monotonic() + settings.timeouts.job, 0.05
    while True:
        said = steps.get_job(job, True)
        state = said.get("state")
        if state == "JobComplete":
            processed = said.get("numberRecordsProcessed")
            return None if processed is None else int(float(processed))
        if state in ("Failed", "Aborted"):
            reason = str(said.get("errorMessage") or "")
            raise JobFailed(
                f"the bulk job for {schema.name} ended as {state}",
                code=TOO_COMPLICATED if TOO_COMPLICATED in reason else "",
                request_id=job,
                remedy="Open the job in Setup > Bulk Data Load Jobs for its cause, then run again",
            )
        if time.monotonic() > give_up:
            raise JobUnfinished(
                f"the bulk job for {schema.name} did not end in {settings.timeouts.job:.0f} s",
                request_id=job,
                remedy="Run again, when the org is less busy; what is kept of a job is taken up",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)


def land_page(
    client: Salesforce,
    job: str,
    locator: str,
    schema: ObjectSchema,
    writer: Taker,
    settings: SalesforceSettings,
) -> str:
    """Download one page of results until it is whole; return the locator of the next."""
    failure: ConnectorError | None = None
    for attempt in range(1, PAGE_ATTEMPTS + 1):
        if attempt > 1:
            time.sleep(settings.patience.wait(attempt - 1))
        writer.engine()
        try:
            page = bulk_client(client, schema.name).download_job_data(
                str(writer.folder), job, locator, PAGE_ROWS, CHUNK
            )
            path = Path(page["file"])
            columns = checked_header(path, schema)
            if columns:
                writer.add_csv(
                    path,
                    columns,
                    schema.cursor,
                    "IsDeleted" if schema.keeps_deleted else None,
                    expected=int(page["number_of_records"]),
                )
            path.unlink()
            return str(page["locator"])
        except UnreadableAnswer as error:
            failure = error
        except (requests.RequestException, SalesforceError, KeyError, ValueError) as error:
            failure = broken_page(type(error).__name__)
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            failure = broken_page(type(error).__name__)
    raise failure or broken_page("no attempt")


def broken_page(what: str) -> UnreadableAnswer:
    """Say that a page could not be read, in spite of all attempts."""
    return UnreadableAnswer(
        f"a page of bulk results could not be read ({what})",
        remedy="Run again; if it stays, look at proxies between here and Salesforce",
    )


def checked_header(path: Path, schema: ObjectSchema) -> list[str]:
    """Return the columns in the file's order; refuse what is no such result, or is cut."""
    if path.stat().st_size == 0:
        return []
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        ends_well = file.read() == b"\n"
    with open(path, encoding="utf-8", newline="") as text:
        columns = next(csv.reader(text), [])
    if set(columns) != set(schema.fields) or not ends_well:
        raise broken_page("cut, or not a result")
    return columns


def abort(client: Salesforce, job: str) -> None:
    """End a job whose results nobody waits for."""
    end_job(client, job, "PATCH", {"state": "Aborted"})


def end_job(client: Salesforce, job: str, method: str, body: dict[str, str] | None) -> None:
    """Remove a job's results from the org; that it fails is no reason to fail the reading."""
    try:
        client.restful(f"jobs/query/{job}", method=method, json=body)
    except (ConnectorError, SalesforceError, ValueError):
        return
