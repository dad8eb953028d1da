"""What surrounds HubSpot's objects: owners, pipelines, properties, schemas, account, tokens."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from connectors.sandbox.call import Answer, ApiProblem, Call, answer_json
from connectors.sandbox.hubspot_objects import next_page, page_size
from connectors.sandbox.portal import Portal, problem
from connectors.sandbox.record_shape import Record, object_type

PORTAL_ID = 12345678
_EXPIRES_IN = 1800
_EPOCH = "2010-01-01T00:00:00.000Z"


def page_of(call: Call, records: list[dict[str, Any]], default: int, largest: int) -> Answer:
    """Return a page of a small list, `after` being its offset."""
    limit = page_size(call, default, largest)
    after = call.one("after", "0")
    start = int(after) if after.isdigit() else 0
    content: dict[str, Any] = {"results": records[start : start + limit]}
    if start + limit < len(records):
        content["paging"] = next_page(call, str(start + limit))
    return answer_json(content)


def _stamped(record: Record) -> dict[str, Any]:
    stamps = {"createdAt": _EPOCH, "updatedAt": record.get("createdAt") or _EPOCH}
    return {**stamps, "archived": False, **record}


def _owner(record: Record) -> dict[str, Any]:
    told = _stamped(record)
    told["id"] = str(told["id"])
    told.setdefault("userId", int(told["id"]) if told["id"].isdigit() else None)
    return {"type": "PERSON", "teams": [], **told}


def told_owners(portal: Portal) -> list[dict[str, Any]]:
    """All owners as the API tells of them, archived ones included."""
    return [_owner(row) for row in portal.table("owners").records()]


def owners(call: Call) -> Answer:
    """Return users that own records."""
    archived, email = call.flag("archived"), call.one("email").lower()
    records = [
        row
        for row in told_owners(call.sandbox.portal)
        if bool(row.get("archived")) is archived
        and (not email or str(row.get("email") or "").lower() == email)
    ]
    return page_of(call, records, 100, 500)


def owner(call: Call, owner_id: str) -> Answer:
    """Return one owner, by its own id or the user's."""
    by_user = call.one("idProperty") == "userId"
    for told in told_owners(call.sandbox.portal):
        if str(told["userId"] if by_user else told["id"]) == owner_id:
            return answer_json(told)
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def told_pipelines(portal: Portal, obj: str) -> list[dict[str, Any]]:
    """Pipelines of an object type (its plural name) as the API tells of them."""
    rows = portal.table("pipelines").records()
    return [_pipeline(row) for row in rows if object_type(str(row["objectType"])) == obj]


def _pipelines(call: Call, obj: str) -> list[dict[str, Any]]:
    call.subject = object_type(obj)
    return told_pipelines(call.sandbox.portal, call.subject)


def _pipeline(record: Record) -> dict[str, Any]:
    told = {name: value for name, value in _stamped(record).items() if name != "objectType"}
    told.setdefault("displayOrder", 0)
    told["stages"] = [
        {"displayOrder": order, "metadata": {}, **_stamped(stage)}
        for order, stage in enumerate(record.get("stages") or [])
    ]
    return told


def pipelines(call: Call, obj: str) -> Answer:
    """Return an object's pipelines with their stages."""
    return answer_json({"results": _pipelines(call, obj)})


def pipeline(call: Call, obj: str, pipeline_id: str) -> Answer:
    """Return one pipeline."""
    for told in _pipelines(call, obj):
        if told["id"] == pipeline_id:
            return answer_json(told)
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def stages(call: Call, obj: str, pipeline_id: str) -> Answer:
    """Return the stages of one pipeline."""
    for told in _pipelines(call, obj):
        if told["id"] == pipeline_id:
            return answer_json({"results": told["stages"]})
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def properties(call: Call, obj: str) -> Answer:
    """Return an object's property definitions."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    archived = call.flag("archived")
    found = portal.properties(name).values()
    return answer_json(
        {"results": [told for told in found if bool(told.get("archived")) is archived]}
    )


def bare_properties(call: Call, obj: str) -> Answer:
    """Return property definitions as the paths before v3 do: a bare list, for forms and such too.

    Connectors that read records by v3 still ask for the properties there.
    """
    call.subject = object_type(obj)
    return answer_json(list(call.sandbox.portal.properties(call.subject).values()))


def read_property(call: Call, obj: str, name: str) -> Answer:
    """Return one property definition."""
    portal = call.sandbox.portal
    call.subject = portal.resolve(obj)
    told = portal.properties(call.subject).get(name)
    if told is None:
        raise problem(404, "OBJECT_NOT_FOUND", f"property {name} does not exist")
    return answer_json(told)


def schemas(call: Call) -> Answer:
    """Return the custom object types (none)."""
    return answer_json({"results": []})


def account(call: Call) -> Answer:
    """Return the portal's details."""
    return answer_json(
        {
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            "timeZone": "UTC",
            "companyCurrency": "USD",
            "additionalCurrencies": [],
            "utcOffset": "+00:00",
            "utcOffsetMilliseconds": 0,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
    )


def api_usage(call: Call) -> Answer:
    """Return today's use of the daily limit."""
    used = call.sandbox.counts.of_vendor("hubspot")
    return answer_json(
        {
            "results": [
                {
                    "name": "private-apps-api-calls-daily",
                    "usageLimit": 1_000_000,
                    "currentUsage": used,
                    "fetchStatus": "SUCCESS",
                }
            ]
        }
    )


def token(call: Call) -> Answer:
    """Give an access token for a refresh token or an authorisation code."""
    form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    tokens = call.sandbox.tokens
    grant = form.get("grant_type")
    if grant not in ("refresh_token", "authorization_code", "client_credentials"):
        raise _refused("BAD_GRANT_TYPE", "missing or unknown grant type")
    if tokens.is_strict and not tokens.accepts_client(
        form.get("client_id", ""), form.get("client_secret", "")
    ):
        raise _refused("BAD_CLIENT_SECRET", "missing or unknown client secret")
    if grant == "refresh_token" and not form.get("refresh_token"):
        raise _refused("BAD_REFRESH_TOKEN", "missing or unknown refresh token")
    return answer_json(
        {
            "access_token": tokens.issue("pat-"),
            "expires_in": _EXPIRES_IN,
            "refresh_token": form.get("refresh_token") or tokens.issue("refresh-"),
            "token_type": "bearer",
            "hub_id": PORTAL_ID,
        }
    )


def _refused(status: str, message: str) -> ApiProblem:
    error = re.sub("^BAD_", "invalid_", status).lower()
    return ApiProblem(
        400,
        {"status": status, "message": message, "error": error, "error_description": message},
    )
