"""HubSpot's marketing side: forms and submissions, e-mails and their events, campaigns, lists."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right
from typing import Any

from connectors.sandbox.call import Answer, Call, answer_json
from connectors.sandbox.hubspot_objects import body_of, next_page, page_size
from connectors.sandbox.hubspot_settings import page_of
from connectors.sandbox.portal import Portal, invalid, problem
from connectors.sandbox.record_shape import Record, sort_key
from connectors.sandbox.timestamps import to_ms

_SUBMISSIONS_A_PAGE = 50
_EVENTS_A_PAGE = 1000
_LISTS_A_PAGE = 500
_MEMBERS_A_PAGE = 250
_SORTS = ("hs_name", "name", "createdAt", "updatedAt", "createdBy", "updatedBy")
_EPOCH = "2010-01-01T00:00:00.000Z"


def told(portal: Portal, obj: str) -> list[dict[str, Any]]:
    """All records of a marketing object with their envelope, archived ones included."""
    return [
        {"createdAt": _EPOCH, "updatedAt": row.get("createdAt") or _EPOCH, "archived": False, **row}
        for row in portal.table(obj).records()
    ]


def _live(call: Call, obj: str) -> list[dict[str, Any]]:
    archived = call.flag("archived")
    return [row for row in told(call.sandbox.portal, obj) if bool(row["archived"]) is archived]


def _sorted(call: Call, rows: list[dict[str, Any]], default: str) -> list[dict[str, Any]]:
    """Rows by a field of theirs, or by a property; a minus before it means descending."""
    field = call.one("sort", default)
    name = field.removeprefix("-")
    if name not in _SORTS:
        raise invalid(f"sort {name} is not allowed")

    def value(row: dict[str, Any]) -> str:
        return str({**(row.get("properties") or {}), **row}.get(name) or "")

    return sorted(rows, key=value, reverse=field != name)


def _one(call: Call, obj: str, key: str) -> Answer:
    for row in _live(call, obj):
        if str(row["id"]) == key:
            return answer_json(row)
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def _field(field: dict[str, Any]) -> dict[str, Any]:
    name = str(field.get("name"))
    kind = "email" if name == "email" else "single_line_text"
    required = {"hidden": False, "required": name == "email", "dependentFields": []}
    return {"objectTypeId": "0-1", "label": name, "fieldType": kind, **required, **field}


def _form(row: dict[str, Any]) -> dict[str, Any]:
    """Fill in what typed clients cannot do without."""
    groups = [
        {
            "groupType": "default_group",
            "richTextType": "text",
            **group,
            "fields": [_field(field) for field in group.get("fields") or []],
        }
        for group in row.get("fieldGroups") or []
    ]
    rest = {
        "formType": "hubspot",
        "configuration": {
            "language": "en",
            "cloneable": True,
            "editable": True,
            "archivable": True,
            "postSubmitAction": {"type": "thank_you", "value": ""},
            "notifyRecipients": [],
        },
        "displayOptions": {"renderRawHtml": False, "theme": "default_style", "cssClass": ""},
        "legalConsentOptions": {"type": "none"},
    }
    return {**rest, **row, "fieldGroups": groups}


def told_forms(portal: Portal) -> list[dict[str, Any]]:
    """All forms as the API tells of them."""
    return [_form(row) for row in told(portal, "forms")]


def forms(call: Call) -> Answer:
    """Return the forms."""
    shown = [_form(row) for row in _live(call, "forms")]
    kinds = set(call.many("formTypes"))
    if kinds and "all" not in kinds:
        shown = [row for row in shown if row["formType"] in kinds]
    return page_of(call, shown, 20, 500)


def form(call: Call, form_id: str) -> Answer:
    """Return one form."""
    for row in _live(call, "forms"):
        if str(row["id"]) == form_id:
            return answer_json(_form(row))
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def submissions(call: Call, form_id: str) -> Answer:
    """Return a form's submissions, newest first."""
    portal = call.sandbox.portal
    table = portal.table("form_submissions")
    by_form = table.cached("by form", lambda: _by_form(table.records()))
    if form_id not in by_form and portal.table("forms").get(form_id) is None:
        raise problem(404, "OBJECT_NOT_FOUND", f"no form with the id {form_id}")
    limit = page_size(call, 20, _SUBMISSIONS_A_PAGE)
    keys, rows = by_form.get(form_id, ([], []))
    start = bisect_right(keys, _decoded(call.one("after"))) if call.one("after") else 0
    page = rows[start : start + limit]
    content: dict[str, Any] = {"results": page}
    if start + limit < len(rows):
        content["paging"] = next_page(call, _encoded(keys[start + limit - 1]))
    return answer_json(content)


def _by_form(records: list[Record]) -> dict[str, tuple[list[tuple[int, str]], list[Record]]]:
    found: dict[str, list[tuple[tuple[int, str], Record]]] = {}
    for row in records:
        submitted = to_ms(row["submittedAt"])
        shown = {name: value for name, value in row.items() if name != "formId"}
        shown = {"values": [], "pageUrl": None, **shown, "submittedAt": submitted}
        key = (-submitted, str(row["conversionId"]))
        found.setdefault(str(row["formId"]), []).append((key, shown))
    return {
        form_id: (
            [key for key, _ in sorted(pairs, key=lambda pair: pair[0])],
            [row for _, row in sorted(pairs, key=lambda pair: pair[0])],
        )
        for form_id, pairs in found.items()
    }


def _encoded(key: tuple[int, str]) -> str:
    return base64.urlsafe_b64encode(f"{key[0]}|{key[1]}".encode()).decode()


def _decoded(after: str) -> tuple[int, str]:
    try:
        moment, _, conversion = base64.urlsafe_b64decode(after).decode().partition("|")
        return int(moment), conversion
    except (binascii.Error, ValueError):
        raise invalid(f"after {after} leads to no page") from None


def email_events(call: Call) -> Answer:
    """Return e-mail events, newest first, optionally within a time window."""
    table = call.sandbox.portal.table("email_events")
    keys, rows = table.cached("by time", lambda: _by_time(table.records()))
    limit = page_size(call, 10, _EVENTS_A_PAGE)
    start, end = call.one("startTimestamp"), call.one("endTimestamp")
    low = bisect_left(keys, -_milliseconds(end)) if end else 0
    high = bisect_right(keys, -_milliseconds(start)) if start else len(keys)
    rows = rows[low:high]
    for parameter, field in (
        ("eventType", "type"),
        ("recipient", "recipient"),
        ("campaignId", "emailCampaignId"),
    ):
        if wished := call.one(parameter):
            rows = [row for row in rows if str(row.get(field)) == wished]
    offset = call.one("offset", "0")
    first = int(offset) if offset.isdigit() else 0
    page = rows[first : first + limit]
    has_more = first + limit < len(rows)
    return answer_json({"hasMore": has_more, "offset": str(first + len(page)), "events": page})


def _milliseconds(text: str) -> int:
    try:
        return to_ms(text)
    except ValueError:
        raise invalid(f"{text} is no time; write epoch milliseconds") from None


def _by_time(records: list[Record]) -> tuple[list[int], list[Record]]:
    shown = [{**row, "created": to_ms(row["created"])} for row in records]
    shown.sort(key=lambda row: (-row["created"], str(row["id"])))
    return [-row["created"] for row in shown], shown


def campaigns(call: Call) -> Answer:
    """Return the marketing campaigns."""
    return page_of(call, _sorted(call, _live(call, "campaigns"), "hs_name"), 50, 100)


def campaign(call: Call, campaign_id: str) -> Answer:
    """Return one campaign."""
    return _one(call, "campaigns", campaign_id)


def emails(call: Call) -> Answer:
    """Return the marketing e-mails."""
    rows = _live(call, "marketing_emails")
    return page_of(call, _sorted(call, rows, "createdAt"), 10, 300)


def email(call: Call, email_id: str) -> Answer:
    """Return one marketing e-mail."""
    return _one(call, "marketing_emails", email_id)


def told_lists(portal: Portal) -> list[dict[str, Any]]:
    """All lists as the API tells of them, without their members."""
    members: dict[str, list[str]] = {}
    for row in portal.table("list_memberships").records():
        members.setdefault(str(row["listId"]), []).append(str(row.get("membershipTimestamp") or ""))
    return [
        {
            "objectTypeId": "0-1",
            "processingType": "MANUAL",
            "createdAt": _EPOCH,
            "updatedAt": row.get("createdAt") or _EPOCH,
            **row,
            "listId": _list_id(row),
            "additionalProperties": {
                "hs_list_size": str(len(members.get(_list_id(row), []))),
                "hs_last_record_added_at": max(members.get(_list_id(row), []), default=None),
                **(row.get("additionalProperties") or {}),
            },
        }
        for row in portal.table("lists").records()
    ]


def _list_id(row: Record) -> str:
    return str(row.get("listId") or row.get("id"))


def search_lists(call: Call) -> Answer:
    """Return lists, by offset."""
    content = body_of(call)
    count, offset = int(content.get("count") or 20), int(content.get("offset") or 0)
    count = min(count, _LISTS_A_PAGE)  # callers ask for 1,000 and are given what there is a page
    text = str(content.get("query") or "").lower()
    rows = [
        row for row in told_lists(call.sandbox.portal) if text in str(row.get("name") or "").lower()
    ]
    page = rows[offset : offset + count]
    past = offset + len(page)
    return answer_json(
        {"lists": page, "offset": past, "hasMore": past < len(rows), "total": len(rows)}
    )


def read_list(call: Call, list_id: str) -> Answer:
    """Return one list."""
    for row in told_lists(call.sandbox.portal):
        if row["listId"] == list_id:
            return answer_json({"list": row})
    raise problem(404, "OBJECT_NOT_FOUND", "resource not found")


def memberships(call: Call, list_id: str) -> Answer:
    """Return the records of a list."""
    rows = [
        {"recordId": str(row["recordId"]), "membershipTimestamp": row.get("membershipTimestamp")}
        for row in call.sandbox.portal.table("list_memberships").records()
        if str(row["listId"]) == list_id
    ]
    rows.sort(key=lambda row: sort_key(str(row["recordId"])))
    limit = page_size(call, 100, _MEMBERS_A_PAGE)
    after = call.one("after")
    rest = [row for row in rows if not after or sort_key(str(row["recordId"])) > sort_key(after)]
    content: dict[str, Any] = {"results": rest[:limit], "total": len(rows)}
    if len(rest) > limit:
        content["paging"] = next_page(call, str(rest[limit - 1]["recordId"]))
    return answer_json(content)
