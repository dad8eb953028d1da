"""Salesforce REST of the local CRM: token, discovery, describe, query and its locators.

Bulk API 2.0 is `bulk`; what queries mean is `salesforce_query`.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from connectors.sandbox.call import Answer, ApiProblem, Call, Route, answer_json
from connectors.sandbox.salesforce_describe import problem
from connectors.sandbox.salesforce_query import Selection, row_json, run, text_query

ORGANIZATION_ID = "00Dxx0000001gPFEAY"
USER_ID = "005xx000001SwiUAAS"
_LATEST = 67
_OLDEST = 31
_PAGE = 2000
_SMALLEST_PAGE = 200
_KEPT_CURSORS = 500
_DAILY_REQUESTS = 1_000_000
_GRANTS = (
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "refresh_token",
    "password",
)


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


def limit_info(call: Call) -> dict[str, str]:
    """Headers that every Salesforce answer carries."""
    used = call.sandbox.counts.of_vendor("salesforce")
    return {"Sforce-Limit-Info": f"api-usage={used}/{_DAILY_REQUESTS}"}


def require_session(call: Call) -> None:
    """Raise INVALID_SESSION_ID unless the bearer token opens the API."""
    if not call.sandbox.tokens.accepts(call.headers.get("authorization", ""), is_static=False):
        raise problem(401, "INVALID_SESSION_ID", "Session expired or invalid")


def _grant_refused(error: str, message: str) -> ApiProblem:
    return ApiProblem(400, {"error": error, "error_description": message})


def token(call: Call) -> Answer:
    """Give an access token for any of the usual grants."""
    form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    grant = form.get("grant_type", "")
    if grant not in _GRANTS:
        raise _grant_refused("unsupported_grant_type", "grant type not supported")
    client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, client_secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _grant_refused("invalid_client", "invalid client credentials") from None
    tokens = call.sandbox.tokens
    if grant.endswith("jwt-bearer"):
        if not form.get("assertion") or tokens.is_strict:
            raise _grant_refused("invalid_grant", "invalid assertion")
    elif grant == "client_credentials" or tokens.is_strict:
        if not tokens.accepts_client(client_id, client_secret):
            raise _grant_refused("invalid_client", "invalid client credentials")
    elif not client_id:
        raise _grant_refused("invalid_client_id", "client identifier invalid")
    user = f"{call.base_url}/id/{ORGANIZATION_ID}/{USER_ID}"
    return answer_json(
        {
            "access_token": tokens.issue(f"{ORGANIZATION_ID[:15]}!AQ"),
            "instance_url": call.base_url,
            "id": user,
            "token_type": "Bearer",
            "issued_at": str(call.sandbox.world.now_ms),
            "signature": "c2FuZGJveA==",
            "scope": "api refresh_token",
        }
    )


def userinfo(call: Call) -> Answer:
    """Return who is logged in."""
    require_session(call)
    return answer_json(
        {
            "sub": f"{call.base_url}/id/{ORGANIZATION_ID}/{USER_ID}",
            "user_id": USER_ID,
            "organization_id": ORGANIZATION_ID,
            "preferred_username": "integration@sandbox.invalid",
            "name": "Integration User",
            "email": "integration@sandbox.invalid",
            "active": True,
            "urls": {"rest": f"{call.base_url}/services/data/v{{version}}/"},
        }
    )


def versions(call: Call) -> Answer:
    """Return the API versions on offer."""
    return answer_json(
        [
            {"label": f"v{number}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
            for number in range(_OLDEST, _LATEST + 1)
        ]
    )


def resources(call: Call, version: str) -> Answer:
    """Return the resource map of a version."""
    root = f"/services/data/{version}"
    names = ("sobjects", "query", "queryAll", "jobs", "limits", "search")
    return answer_json({name: f"{root}/{name}" for name in names})


def limits(call: Call, version: str) -> Answer:
    """Return the org's limits."""
    left = _DAILY_REQUESTS - call.sandbox.counts.of_vendor("salesforce")
    bulk = {"Max": 10_000, "Remaining": 10_000}
    return answer_json(
        {
            "DailyApiRequests": {"Max": _DAILY_REQUESTS, "Remaining": left},
            "DailyBulkApiBatches": {"Max": 15_000, "Remaining": 15_000},
            "DailyBulkV2QueryJobs": bulk,
            "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
        }
    )


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
    Route("POST", "/services/oauth2/token", "salesforce/token", token),
    Route("GET", "/services/oauth2/userinfo", "salesforce/userinfo", userinfo),
    Route("POST", "/services/oauth2/userinfo", "salesforce/userinfo", userinfo),
    Route("GET", "/services/data", "salesforce/versions", versions),
    Route("GET", _DATA, "salesforce/resources", resources),
    Route("GET", f"{_DATA}/limits", "salesforce/limits", limits),
    Route("GET", f"{_DATA}/sobjects", "salesforce/sobjects", sobjects),
    Route("GET", f"{_DATA}/sobjects/{{obj}}", "salesforce/sobject", sobject),
    Route("GET", f"{_DATA}/sobjects/{{obj}}/describe", "salesforce/describe", describe),
    Route("GET", f"{_DATA}/sobjects/{{obj}}/{{record_id}}", "salesforce/record", record),
    Route("GET", f"{_DATA}/query", "salesforce/query", query),
    Route("GET", f"{_DATA}/queryAll", "salesforce/query", query_all),
    Route("GET", f"{_DATA}/query/{{locator}}", "salesforce/query", more),
    Route("GET", f"{_DATA}/queryAll/{{locator}}", "salesforce/query", more),
)
