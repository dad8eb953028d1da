"""Faults on request: what a vendor does on a bad day, declared and counted, never random.

    {"kind": "rate_limited", "match": "/search", "times": 2, "policy": "DAILY", "retry_after": null}

A fault applies to requests whose `METHOD /path?query` matches the regular expression `match`,
after the first `skip` of them, `times` times (null: until faults are cleared). `KINDS` lists what
exists; each kind either answers instead of the vendor, disturbs its answer, or changes what the
API modules see (they ask `Faults.showing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.call import Answer, Call, Delivery, answer_json

_COMMON = frozenset(["kind", "match", "times", "skip"])


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
    disturb: Callable[[Fault, Answer], Answer] | None = None


def _is_salesforce(call: Call) -> bool:
    return call.path.startswith("/services/")


def _error(call: Call, status: int, code: str, message: str, **more: Any) -> Answer:
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


def _html_page(fault: Fault, call: Call) -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Login</title></head><body>Log in</body></html>"
    return Answer(200, page, media_type="text/html; charset=UTF-8")


def _status(fault: Fault, call: Call) -> Answer:
    return answer_json(fault.options["body"], int(fault.options["status"]))


def _delay(fault: Fault, answer: Answer) -> Answer:
    answer.delivery = Delivery(
        chunk=max(len(answer.body), 1), pause=float(fault.options["seconds"])
    )
    return answer


def _cut_body(fault: Fault, answer: Answer) -> Answer:
    share = float(fault.options["share"])
    answer.delivery = Delivery(cut_at=int(len(answer.body) * share))
    return answer


def _truncated_csv(fault: Fault, answer: Answer) -> Answer:
    lines = answer.body.split(b"\n")
    answer.body = b"\n".join(lines[: max(1, len(lines) // 2)]) + b"\n"
    return answer


def _slow_drip(fault: Fault, answer: Answer) -> Answer:
    chunks = max(1, int(fault.options["chunks"]))
    size = max(1, -(-len(answer.body) // chunks))
    answer.delivery = Delivery(chunk=size, pause=float(fault.options["seconds"]) / chunks)
    return answer


KINDS: dict[str, Kind] = {
    "rate_limited": Kind({"policy": "TEN_SECONDLY_ROLLING", "retry_after": 1}, _rate_limited),
    "server_error": Kind({"status": 503}, _server_error),
    "unauthorized": Kind({"until_new_token": False}, _unauthorized),
    "missing_scope": Kind({}, _missing_scope),
    "request_limit_exceeded": Kind({}, _request_limit),
    "html_page": Kind({}, _html_page),
    "status": Kind({"status": 400, "body": {}}, _status),
    "delay": Kind({"seconds": 1}, disturb=_delay),
    "cut_body": Kind({"share": 0.5}, disturb=_cut_body),
    "truncated_csv": Kind({}, disturb=_truncated_csv),
    "slow_drip": Kind({"seconds": 2, "chunks": 10}, disturb=_slow_drip),
    "search_lag": Kind({"seconds": 60}),
    "hidden_field": Kind({"object": None, "field": None}),
    "hidden_object": Kind({"object": None}),
    "stuck_job": Kind({"object": ""}),
    "failed_job": Kind({"object": "", "message": "InternalServerError : the job failed"}),
}


class Faults:
    """The faults declared at the moment."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def declare(self, spec: Mapping[str, Any]) -> Fault:
        """Add a fault. Raises ValueError naming the bad field and what is allowed."""
        kind = spec.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind {kind!r} is unknown; use one of {', '.join(sorted(KINDS))}")
        defaults = KINDS[kind].options
        unknown = sorted(set(spec) - _COMMON - set(defaults))
        if unknown:
            allowed = ", ".join(sorted({*_COMMON, *defaults}))
            raise ValueError(f"{unknown[0]} is no option of {kind}; allowed are {allowed}")
        options = {name: spec.get(name, default) for name, default in defaults.items()}
        missing = [name for name, value in options.items() if value is None and name not in spec]
        if missing:
            raise ValueError(f"{kind} needs {missing[0]}")
        try:
            match = re.compile(str(spec.get("match", "")))
        except re.error as error:
            raise ValueError(f"match is no regular expression: {error}") from None
        times = spec.get("times")
        count = None if times is None else int(times)
        fault = Fault(str(kind), match, count, int(spec.get("skip", 0)), options)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget every fault."""
        self._faults.clear()

    def told(self) -> list[dict[str, Any]]:
        """Return every declared fault with its hits."""
        return [fault.told() for fault in self._faults]

    def instead(self, call: Call, line: str) -> Answer | None:
        """Return the answer of the first fault that replaces the vendor's, if any does."""
        for fault in self._faults:
            function = KINDS[fault.kind].instead
            if function is not None and fault.takes(line):
                return function(fault, call)
        return None

    def disturb(self, answer: Answer, line: str) -> Answer:
        """Let the faults on delivery have their way with an answer."""
        for fault in self._faults:
            function = KINDS[fault.kind].disturb
            if function is not None and fault.takes(line):
                answer = function(fault, answer)
        return answer

    def showing(self, kind: str, **where: str) -> Iterable[Fault]:
        """Yield faults of a kind that the API modules have to show, for these options."""
        for fault in self._faults:
            if fault.kind == kind and all(
                fault.options[name] in (value, "") for name, value in where.items()
            ):
                fault.hits += 1
                yield fault

    def __bool__(self) -> bool:
        return bool(self._faults)


def parse_fault(text: str) -> dict[str, Any]:
    """Read a fault from the command line: `rate_limited,match=/search,times=2,policy=DAILY`."""
    kind, *pairs = (part.strip() for part in text.split(","))
    spec: dict[str, Any] = {"kind": kind}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"fault {text!r}: write {pair!r} as name=value")
        words = {"null": None, "true": True, "false": False}
        number = re.fullmatch(r"-?\d+(\.\d+)?", value)
        spec[name] = words.get(
            value, (float(value) if "." in value else int(value)) if number else value
        )
    return spec
