"""Faults on request: what a vendor does on a bad day, declared and counted, never random.

    {"kind": "rate_limited", "match": "/search", "times": 2, "policy": "DAILY", "retry_after": null}

A fault applies to requests whose `METHOD /path?query` matches the regular expression `match`,
after the first `skip` of them, `times` times (null: until faults are cleared). What kinds there
are is said in `fault_kinds`: each either answers instead of the vendor, disturbs its answer, or
changes what the API modules see (they ask `Faults.showing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.sandbox.call import Answer, Call
from connectors.sandbox.fault_kinds import KINDS, Fault

_COMMON = frozenset(["kind", "match", "times", "skip"])


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

    def disturb(self, call: Call, answer: Answer, line: str) -> Answer:
        """Let the faults on delivery have their way with an answer."""
        for fault in self._faults:
            function = KINDS[fault.kind].disturb
            if function is not None and fault.takes(line):
                answer = function(fault, call, answer)
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
