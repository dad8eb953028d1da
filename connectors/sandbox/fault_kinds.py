"""The kinds of fault that the local CRM can show, each a small function. `faults` declares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from connectors.sandbox.call import Answer, Call, Delivery, answer_json


@dataclass
class Fault:
    """One declared fault and how often it still applies."""

    kind: str
    match: re.Pattern[str]
    times: int | None
    skip: int
    options: dict[str, Any]
    hits: int = 0

    def takes(self, line: str) -> bool:
        """Whether this request meets the fault; counts it when it does."""
        if self.times == 0 or not self.match.search(line):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        return True

    def told(self) -> dict[str, Any]:
        """Return the fault as the control endpoint shows it."""
        return {
            "kind": self.kind,
            "match": self.match.pattern,
            "times": self.times,
            "skip": self.skip,
            "hits": self.hits,
            **self.options,
        }


@dataclass(frozen=True)
class Kind:
    """What a kind of fault does: exactly one of the functions, or neither for what APIs see."""

    options: Mapping[str, Any]
    instead: Callable[[Fault, Call], Answer] | None = None
    disturb: Callable[[Fault, Call, Answer], Answer] | None = None


def _is_salesforce(call: Call) -> bool:
    return call.path.startswith(("/services/", "/id/"))


def _error(call: Call, status: int, code: str, message: str, **more: Any) -> Answer:
    if call.path.endswith("/token"):
        # The token endpoints speak OAuth's own language.
        told = {"error": code.lower(), "error_description": message}
        return answer_json({**told, "message": message, "status": code, **more}, status)
    if _is_salesforce(call):
        return answer_json([{"message": message, "errorCode": code}], status)
    body = {"status": "error", "message": message, "correlationId": "sandbox-fault", **more}
    return answer_json({**body, "category": code}, status)


def _rate_limited(fault: Fault, call: Call) -> Answer:
    policy = fault.options["policy"]
    answer = _error(
        call,
        429,
        "RATE_LIMITS",
        f"You have reached your {policy.lower()} limit.",
        errorType="RATE_LIMIT",
        policyName=policy,
    )
    if fault.options["retry_after"] is not None:
        answer.headers["Retry-After"] = str(fault.options["retry_after"])
    return answer


def _server_error(fault: Fault, call: Call) -> Answer:
    return _error(call, int(fault.options["status"]), "UNKNOWN_EXCEPTION", "internal error")


def _unauthorized(fault: Fault, call: Call) -> Answer:
    if fault.options["until_new_token"]:
        call.sandbox.tokens.revoke(call.headers.get("authorization", "").partition(" ")[2].strip())
    if _is_salesforce(call):
        return _error(call, 401, "INVALID_SESSION_ID", "Session expired or invalid")
    return _error(call, 401, "EXPIRED_AUTHENTICATION", "The OAuth token used is expired.")


def _missing_scope(fault: Fault, call: Call) -> Answer:
    if _is_salesforce(call):
        return _error(call, 403, "INSUFFICIENT_ACCESS", "insufficient access rights on this entity")
    message = "This app hasn't been granted all required scopes to make this call."
    return _error(call, 403, "MISSING_SCOPES", message, errors=[{"message": "scopes missing"}])


def _request_limit(fault: Fault, call: Call) -> Answer:
    return _error(call, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def _query_timeout(fault: Fault, call: Call) -> Answer:
    return _error(call, 400, "QUERY_TIMEOUT", "Your query request was running for too long.")


def _html_page(fault: Fault, call: Call) -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Login</title></head><body>Log in</body></html>"
    return Answer(200, page, media_type="text/html; charset=UTF-8")


def _status(fault: Fault, call: Call) -> Answer:
    return answer_json(fault.options["body"], int(fault.options["status"]))


def _delay(fault: Fault, call: Call, answer: Answer) -> Answer:
    answer.delivery = Delivery(
        chunk=max(len(answer.body), 1), pause=float(fault.options["seconds"])
    )
    return answer


def _cut_body(fault: Fault, call: Call, answer: Answer) -> Answer:
    share = float(fault.options["share"])
    answer.delivery = Delivery(cut_at=int(len(answer.body) * share))
    return answer


def _truncated_csv(fault: Fault, call: Call, answer: Answer) -> Answer:
    lines = answer.body.split(b"\n")
    answer.body = b"\n".join(lines[: max(1, len(lines) // 2)]) + b"\n"
    return answer


def _slow_drip(fault: Fault, call: Call, answer: Answer) -> Answer:
    chunks = max(1, int(fault.options["chunks"]))
    size = max(1, -(-len(answer.body) // chunks))
    answer.delivery = Delivery(chunk=size, pause=float(fault.options["seconds"]) / chunks)
    return answer


def _repeated_cursor(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Let the cursor to the next page lead to this one: HubSpot's, a REST or a bulk locator."""
    if answer.headers.get("Sforce-Locator", "null") != "null":
        answer.headers["Sforce-Locator"] = call.one("locator") or "MA"
        return answer
    content = _json_of(answer)
    if "paging" in content:
        content["paging"]["next"]["after"] = call.one("after") or "0"
    elif "nextRecordsUrl" in content and "/query/" in call.path:
        content["nextRecordsUrl"] = call.path
    else:
        return answer
    answer.body = orjson.dumps(content)
    return answer


def _json_of(answer: Answer) -> dict[str, Any]:
    try:
        content = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _change(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Change records or fields right after this answer: between describe and query, say."""
    try:
        call.sandbox.change(fault.options["change"])
    except (TypeError, ValueError) as error:
        return answer_json({"error": f"the fault's change cannot be made: {error}"}, 500)
    return answer


def _half_character(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Half of an emoji after a text, escaped as vendors escape it."""
    text = str(fault.options["text"]).encode()
    answer.body = answer.body.replace(text, text + rb"\ud83d")
    return answer


def _disordered(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Turn a search page round and add records that the filters did not ask for."""
    content = _json_of(answer)
    if "results" not in content:
        return answer
    results = content["results"][::-1]
    there = {row["id"] for row in results}
    portal = call.sandbox.portal
    strangers = [row for row in portal.shown(call.subject, archived=False)[:200]]
    strangers = [row for row in strangers if row["id"] not in there]
    names = set(results[0]["properties"]) if results else {"hs_object_id"}
    for row in strangers[: int(fault.options["strangers"])]:
        properties = {name: row["properties"].get(name) for name in sorted(names)}
        envelope = {name: row.get(name) for name in ("id", "createdAt", "updatedAt", "archived")}
        results.append({**envelope, "properties": properties})
    content["results"] = results
    answer.body = orjson.dumps(content)
    return answer


def _truncated_json(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Half of an answer that says it is whole."""
    answer.body = answer.body[: len(answer.body) // 2]
    return answer


def _empty(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Nothing where there is something, in an answer that is well formed."""
    if answer.media_type.startswith("text/csv"):
        answer.body = answer.body.split(b"\n")[0] + b"\n"
        answer.headers |= {"Sforce-NumberOfRecords": "0", "Sforce-Locator": "null"}
        return answer
    content = orjson.loads(answer.body)
    if isinstance(content, dict):
        for name, nothing in (("records", []), ("results", []), ("totalSize", 0), ("total", 0)):
            if name in content:
                content[name] = nothing
        if "numberRecordsProcessed" in content:
            content["numberRecordsProcessed"] = 0
        content.pop("paging", None)
        if "nextRecordsUrl" in content:
            del content["nextRecordsUrl"]
            content["done"] = True
        answer.body = orjson.dumps(content)
    return answer


def _nearly_used(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Headers that say how little is left of the day's requests."""
    left = int(fault.options["left"])
    if _is_salesforce(call):
        answer.headers["Sforce-Limit-Info"] = f"api-usage={5_000 - left}/5000"
    elif "X-HubSpot-RateLimit-Daily" in answer.headers:
        answer.headers["X-HubSpot-RateLimit-Daily-Remaining"] = str(left)
    return answer


def _moving_records(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Somebody works while pages are read: with each answer one more record is changed."""
    vendor = "salesforce" if _is_salesforce(call) else "hubspot"
    world, obj = call.sandbox.world, str(fault.options["object"])
    with world.lock:
        rows = world.table(vendor, obj).records()
        row = rows[-(fault.hits * 7 % len(rows))] if rows else None
        if row is None:
            return answer
        now = world.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        field, text = str(fault.options["field"]), f"moved {fault.hits}"
        if vendor == "salesforce":
            stamps = {"SystemModstamp": now, "LastModifiedDate": now}
            world.add(vendor, obj, {**row, field: text, **stamps})
        else:
            stamp = "lastmodifieddate" if obj == "contacts" else "hs_lastmodifieddate"
            properties = {**row["properties"], field: text, stamp: now}
            world.add(vendor, obj, {**row, "properties": properties, "updatedAt": now})
    return answer


KINDS: dict[str, Kind] = {
    "rate_limited": Kind({"policy": "TEN_SECONDLY_ROLLING", "retry_after": 1}, _rate_limited),
    "server_error": Kind({"status": 503}, _server_error),
    "unauthorized": Kind({"until_new_token": False}, _unauthorized),
    "missing_scope": Kind({}, _missing_scope),
    "request_limit_exceeded": Kind({}, _request_limit),
    "query_timeout": Kind({}, _query_timeout),
    "html_page": Kind({}, _html_page),
    "status": Kind({"status": 400, "body": {}}, _status),
    "delay": Kind({"seconds": 1}, disturb=_delay),
    "cut_body": Kind({"share": 0.5}, disturb=_cut_body),
    "truncated_csv": Kind({}, disturb=_truncated_csv),
    "slow_drip": Kind({"seconds": 2, "chunks": 10}, disturb=_slow_drip),
    "repeated_cursor": Kind({}, disturb=_repeated_cursor),
    "search_disorder": Kind({"strangers": 1}, disturb=_disordered),
    "truncated_json": Kind({}, disturb=_truncated_json),
    "half_character": Kind({"text": None}, disturb=_half_character),
    "empty_answer": Kind({}, disturb=_empty),
    "nearly_used": Kind({"left": 10}, disturb=_nearly_used),
    "moving_records": Kind({"object": None, "field": None}, disturb=_moving_records),
    "change": Kind({"change": None}, disturb=_change),
    "search_lag": Kind({"seconds": 60}),
    "hidden_field": Kind({"object": None, "field": None}),
    "retyped_field": Kind({"object": None, "field": None, "type": "string"}),
    "hidden_object": Kind({"object": None}),
    "stuck_job": Kind({"object": ""}),
    "too_complicated": Kind({"object": "", "fields": 20}),
    "failed_job": Kind({"object": "", "message": "InternalServerError : the job failed"}),
}
