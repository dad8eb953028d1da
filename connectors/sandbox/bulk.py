"""Bulk API 2.0 query jobs of the local CRM: create, watch, fetch as CSV, abort, delete.

A job sees the records as they were when it was created and is complete at its first look-up.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson

from connectors.sandbox.call import Answer, Call, Route, answer_json
from connectors.sandbox.record_shape import Record
from connectors.sandbox.salesforce_describe import problem
from connectors.sandbox.salesforce_query import (
    TOO_COMPLICATED,
    Column,
    Selection,
    is_too_complicated,
    run,
    text_query,
)
from connectors.sandbox.salesforce_session import USER_ID
from connectors.sandbox.timestamps import iso_offset

_DELIMITERS = {
    "COMMA": ",",
    "TAB": "\t",
    "PIPE": "|",
    "SEMICOLON": ";",
    "CARET": "^",
    "BACKQUOTE": "`",
}
_LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}


@dataclass
class Job:
    """One query job."""

    id: str
    operation: str
    delimiter: str
    line_ending: str
    created: str
    selection: Selection
    state: str = "UploadComplete"
    error: str | None = None


class Jobs:
    """The jobs of one running local CRM."""

    def __init__(self) -> None:
        self.by_id: dict[str, Job] = {}
        self._numbers = count(1)

    def new_id(self) -> str:
        """Return the id of the next job."""
        return f"750xx{next(self._numbers):010d}AAA"


def create(call: Call, version: str) -> Answer:
    """Create a job for a SOQL query."""
    try:
        spec = orjson.loads(call.body)
        operation = spec.get("operation")
    except (orjson.JSONDecodeError, AttributeError):
        raise problem(400, "JSON_PARSER_ERROR", "the body is not a JSON object") from None
    if operation not in ("query", "queryAll"):
        raise problem(400, "INVALIDOPERATION", f"operation {operation!r} is not supported")
    delimiter = spec.get("columnDelimiter") or "COMMA"
    line_ending = spec.get("lineEnding") or "LF"
    if delimiter not in _DELIMITERS or line_ending not in _LINE_ENDINGS:
        raise problem(400, "INVALIDJOB", "columnDelimiter or lineEnding is not supported")
    if (spec.get("contentType") or "CSV") != "CSV":
        raise problem(400, "INVALIDJOB", "contentType must be CSV")
    catalog = call.sandbox.catalog
    query = text_query(catalog, spec.get("query") or "")
    call.subject = catalog.resolve(query.obj) or ""
    if query.aggregates or query.group_by or query.offset:
        raise problem(
            400, "API_ERROR", "Aggregate functions, GROUP BY and OFFSET are not supported in bulk"
        )
    now_ms = call.sandbox.world.now_ms
    selection = run(catalog, query, include_deleted=operation == "queryAll", now_ms=now_ms)
    compound = next((column for column in selection.columns if column.type == "address"), None)
    if compound is not None:
        raise problem(
            400,
            "FUNCTIONALITY_NOT_ENABLED",
            f"Selecting compound data not supported in Bulk Query: {compound.path[-1]}",
        )
    jobs = call.sandbox.jobs
    job = Job(jobs.new_id(), operation, delimiter, line_ending, iso_offset(now_ms), selection)
    jobs.by_id[job.id] = job
    return answer_json(_told(job, version))


def _told(job: Job, version: str) -> dict[str, Any]:
    return {
        "id": job.id,
        "operation": job.operation,
        "object": job.selection.obj,
        "createdById": USER_ID,
        "createdDate": job.created,
        "systemModstamp": job.created,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(version.removeprefix("v")),
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }


def _found(call: Call, job_id: str) -> Job:
    job = call.sandbox.jobs.by_id.get(job_id) or call.sandbox.jobs.by_id.get(job_id + "AAA")
    if job is None:
        raise problem(404, "NOT_FOUND", "The requested resource does not exist")
    call.subject = job.selection.obj
    return job


def _progress(call: Call, job: Job) -> None:
    if job.state not in ("UploadComplete", "InProgress"):
        return
    faults, obj = call.sandbox.faults, job.selection.obj
    failure = next(iter(faults.showing("failed_job", object=obj)), None)
    if failure is not None:
        job.state, job.error = "Failed", str(failure.options["message"])
    elif is_too_complicated(faults, job.selection):
        reason = f"QUERY_TOO_COMPLICATED: {TOO_COMPLICATED}"
        job.state, job.error = "Failed", f"InvalidBatch : Failed to process query: {reason}"
    elif next(iter(faults.showing("stuck_job", object=obj)), None) is not None:
        job.state = "InProgress"
    else:
        job.state = "JobComplete"


def look(call: Call, version: str, job_id: str) -> Answer:
    """Return the state of a job."""
    job = _found(call, job_id)
    _progress(call, job)
    done = len(job.selection.records) if job.state == "JobComplete" else 0
    more = {"errorMessage": job.error} if job.error else {}
    return answer_json(
        {
            **_told(job, version),
            "jobType": "V2Query",
            "numberRecordsProcessed": done,
            "retries": 0,
            "totalProcessingTime": 12,
            "isPkChunkingSupported": True,
            **more,
        }
    )


def listing(call: Call, version: str) -> Answer:
    """Return all jobs."""
    records = [_told(job, version) for job in call.sandbox.jobs.by_id.values()]
    return answer_json({"done": True, "records": records, "nextRecordsUrl": None})


def change(call: Call, version: str, job_id: str) -> Answer:
    """Abort a job, the only change that there is."""
    job = _found(call, job_id)
    try:
        wanted = orjson.loads(call.body).get("state")
    except (orjson.JSONDecodeError, AttributeError):
        raise problem(400, "JSON_PARSER_ERROR", "the body is not a JSON object") from None
    if wanted != "Aborted":
        raise problem(400, "INVALIDJOBSTATE", f"state {wanted!r} is not allowed; use Aborted")
    if job.state in ("JobComplete", "Failed"):
        raise problem(400, "INVALIDJOBSTATE", f"the job is {job.state}")
    job.state = "Aborted"
    return answer_json(_told(job, version))


def delete(call: Call, version: str, job_id: str) -> Answer:
    """Forget a job and its results."""
    job = _found(call, job_id)
    if job.state in ("UploadComplete", "InProgress"):
        raise problem(400, "INVALIDJOBSTATE", f"the job is {job.state}")
    del call.sandbox.jobs.by_id[job.id]
    return Answer(204)


def results(call: Call, version: str, job_id: str) -> Answer:
    """Return a page of a job's rows, with a header row on every page."""
    job = _found(call, job_id)
    _progress(call, job)
    if job.state != "JobComplete":
        raise problem(400, "INVALIDJOBSTATE", f"the job is {job.state}")
    start = _offset(call.one("locator"))
    asked = call.one("maxRecords")
    if asked and not (asked.isdigit() and int(asked) > 0):
        raise problem(400, "INVALID_MAX_RECORDS", f"maxRecords {asked!r} is not a number above 0")
    records = job.selection.records
    end = start + int(asked) if asked else len(records)
    page = records[start:end]
    headers = {
        "Sforce-Locator": _locator(end) if end < len(records) else "null",
        "Sforce-NumberOfRecords": str(len(page)),
    }
    body = _csv(job, page).encode()
    return Answer(200, body, headers, media_type="text/csv; charset=UTF-8")


def _locator(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _offset(locator: str) -> int:
    if not locator:
        return 0
    try:
        return int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except (binascii.Error, ValueError):
        raise problem(400, "INVALID_QUERY_LOCATOR", "invalid query locator") from None


def _csv(job: Job, records: list[Record]) -> str:
    columns = job.selection.columns
    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=_DELIMITERS[job.delimiter],
        lineterminator=_LINE_ENDINGS[job.line_ending],
        quoting=csv.QUOTE_ALL,
    )
    writer.writerow([".".join(column.path) for column in columns])
    cells = [_cell(column) for column in columns]
    writer.writerows([cell(record) for cell in cells] for record in records)
    return buffer.getvalue()


def _cell(column: Column) -> Any:
    value = column.value
    if column.type == "boolean":
        return lambda record: "true" if value(record) else "false"
    if column.type == "datetime":
        return lambda record: (value(record) or "").replace("+0000", "Z")
    return lambda record: _text(value(record))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_JOBS = "/services/data/{version}/jobs/query"
ROUTES = (
    Route("POST", _JOBS, "salesforce/bulk", create),
    Route("GET", _JOBS, "salesforce/bulk", listing),
    Route("GET", f"{_JOBS}/{{job_id}}", "salesforce/bulk", look),
    Route("PATCH", f"{_JOBS}/{{job_id}}", "salesforce/bulk", change),
    Route("DELETE", f"{_JOBS}/{{job_id}}", "salesforce/bulk", delete),
    Route("GET", f"{_JOBS}/{{job_id}}/results", "salesforce/bulk", results),
)
