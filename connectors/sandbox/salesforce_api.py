"""Salesforce REST of the local CRM: describe, query and its locators, and the table of paths.

Tokens and discovery are `salesforce_session`, Bulk API 2.0 is `bulk`; what queries mean is
`salesforce_query`.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import Any

from connectors.sandbox import salesforce_session
from connectors.sandbox.call import Answer, Call, Route, answer_json
from connectors.sandbox.salesforce_describe import problem
from connectors.sandbox.salesforce_query import (
    TOO_COMPLICATED,
    Selection,
    is_too_complicated,
    row_json,
    run,
    text_query,
)

_PAGE = 2000
_SMALLEST_PAGE = 200
_KEPT_CURSORS = 500


@dataclass(frozen=True)
class Cursor:
    """Rows of a query as they were when it ran."""

    selection: Selection
    page: int


class Cursors:
    """Open query locators; the oldest are dropped, as the vendor does."""

    def __init__(self) -> None:
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()
        self._numbers = count(1)

    def open(self, cursor: Cursor) -> str:
        """Keep a cursor and return its id."""
        name = f"01gxx{next(self._numbers):010d}AAA"
        self._cursors[name] = cursor
        while len(self._cursors) > _KEPT_CURSORS:
            self._cursors.popitem(last=False)
        return name

    def get(self, name: str) -> Cursor | None:
        """Return an open cursor."""
        return self._cursors.get(name)


def sobjects(call: Call, version: str) -> Answer:
    """Return every object that can be described."""
    return answer_json(call.sandbox.catalog.listing(version))


def _known(call: Call, obj: str) -> str:
    name = call.sandbox.catalog.resolve(obj)
    if name is None:
        raise problem(404, "NOT_FOUND", "The requested resource does not exist")
    call.subject = name
    return name


def sobject(call: Call, version: str, obj: str) -> Answer:
    """Return an object's basic information."""
    name = _known(call, obj)
    listing = call.sandbox.catalog.listing(version)["sobjects"]
    summary = next(entry for entry in listing if entry["name"] == name)
    return answer_json({"objectDescribe": summary, "recentItems": []})


def describe(call: Call, version: str, obj: str) -> Answer:
    """Return an object's fields."""
    return answer_json(call.sandbox.catalog.describe(_known(call, obj), version))


def record(call: Call, version: str, obj: str, record_id: str) -> Answer:
    """Return one record with all or the named fields."""
    name = _known(call, obj)
    catalog = call.sandbox.catalog
    found = catalog.table(name).get(record_id)
    if found is None or found.get("IsDeleted"):
        raise problem(404, "NOT_FOUND", "The requested resource does not exist")
    wanted = call.many("fields") or [field.name for field in catalog.fields(name).values()]
    query = text_query(catalog, f"SELECT {','.join(wanted)} FROM {name} LIMIT 1")
    selection = run(catalog, query, include_deleted=False, now_ms=call.sandbox.world.now_ms)
    return answer_json(row_json(selection, found, version))


def query(call: Call, version: str) -> Answer:
    """Run SOQL; deleted rows are left out."""
    return _query(call, version, include_deleted=False)


def query_all(call: Call, version: str) -> Answer:
    """Run SOQL; soft-deleted and merged rows included."""
    return _query(call, version, include_deleted=True)


def _query(call: Call, version: str, *, include_deleted: bool) -> Answer:
    text = call.one("q")
    if not text.strip():
        raise problem(400, "MALFORMED_QUERY", "A query string has to be specified")
    catalog = call.sandbox.catalog
    parsed = text_query(catalog, text)
    call.subject = catalog.resolve(parsed.obj) or ""
    now_ms = call.sandbox.world.now_ms
    selection = run(catalog, parsed, include_deleted=include_deleted, now_ms=now_ms)
    if is_too_complicated(call.sandbox.faults, selection):
        raise problem(400, "QUERY_TOO_COMPLICATED", TOO_COMPLICATED)
    if call.flag("columns"):
        return answer_json(_column_metadata(selection))
    if selection.count is not None:
        return answer_json({"totalSize": selection.count, "done": True, "records": []})
    if selection.aggregated is not None:
        rows = selection.aggregated
        return answer_json({"totalSize": len(rows), "done": True, "records": rows})
    return _page(call, version, Cursor(selection, _page_size(call)), "", 0)


def _column_metadata(selection: Selection) -> dict[str, Any]:
    return {
        "columnMetadata": [
            {
                "columnName": column.path[-1],
                "displayName": column.path[-1],
                "foreignKeyName": None,
                "joinColumns": [],
                "aggregate": False,
                "custom": column.path[-1].endswith("__c"),
                "booleanType": column.type == "boolean",
                "numberType": column.type in ("double", "currency", "percent", "int"),
                "textType": column.type not in ("double", "currency", "percent", "int", "boolean"),
                "insertable": False,
                "updatable": False,
            }
            for column in selection.columns
        ],
        "entityName": selection.obj,
        "groupBy": False,
        "idSelected": any(column.path == ("Id",) for column in selection.columns),
        "keyPrefix": None,
    }


def _page_size(call: Call) -> int:
    options = call.headers.get("sforce-query-options", "")
    wanted = options.replace(" ", "").partition("batchSize=")[2].partition(",")[0]
    if not wanted.isdigit():
        return _PAGE
    return max(_SMALLEST_PAGE, min(_PAGE, int(wanted)))


def more(call: Call, version: str, locator: str) -> Answer:
    """Return the next page of a query."""
    name, _, offset = locator.rpartition("-")
    cursor = call.sandbox.cursors.get(name)
    if cursor is None or not offset.isdigit():
        raise problem(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    call.subject = cursor.selection.obj
    return _page(call, version, cursor, name, int(offset))


def _page(call: Call, version: str, cursor: Cursor, name: str, start: int) -> Answer:
    records = cursor.selection.records
    end = start + cursor.page
    done = end >= len(records)
    content: dict[str, Any] = {"totalSize": len(records), "done": done}
    if not done:
        name = name or call.sandbox.cursors.open(cursor)
        content["nextRecordsUrl"] = f"/services/data/{version}/query/{name}-{end}"
    content["records"] = [
        row_json(cursor.selection, found, version) for found in records[start:end]
    ]
    return answer_json(content)


_DATA = "/services/data/{version}"
ROUTES = (
    Route("POST", "/services/oauth2/token", "salesforce/token", salesforce_session.token),
    Route("GET", "/services/oauth2/userinfo", "salesforce/userinfo", salesforce_session.userinfo),
    Route("POST", "/services/oauth2/userinfo", "salesforce/userinfo", salesforce_session.userinfo),
    Route("GET", "/id/{org}/{user}", "salesforce/identity", salesforce_session.identity),
    Route("GET", "/services/data", "salesforce/versions", salesforce_session.versions),
    Route("GET", _DATA, "salesforce/resources", salesforce_session.resources),
    Route("GET", f"{_DATA}/limits", "salesforce/limits", salesforce_session.limits),
    Route("GET", f"{_DATA}/sobjects", "salesforce/sobjects", sobjects),
    Route("GET", f"{_DATA}/sobjects/{{obj}}", "salesforce/sobject", sobject),
    Route("GET", f"{_DATA}/sobjects/{{obj}}/describe", "salesforce/describe", describe),
    Route("GET", f"{_DATA}/sobjects/{{obj}}/{{record_id}}", "salesforce/record", record),
    Route("GET", f"{_DATA}/query", "salesforce/query", query),
    Route("GET", f"{_DATA}/queryAll", "salesforce/query", query_all),
    Route("GET", f"{_DATA}/query/{{locator}}", "salesforce/query", more),
    Route("GET", f"{_DATA}/queryAll/{{locator}}", "salesforce/query", more),
)
