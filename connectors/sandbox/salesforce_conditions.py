"""WHERE of SOQL as a function over records: comparisons typed by describe, relative dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from connectors.sandbox.call import ApiProblem
from connectors.sandbox.record_shape import Record
from connectors.sandbox.salesforce_fields import Field
from connectors.sandbox.soql import Comparison, Condition, Junction, Literal
from connectors.sandbox.timestamps import from_ms, salesforce_rest

_NUMBERS = frozenset(["double", "currency", "percent", "int"])
_EXACT = frozenset(["id", "reference"])
_DAY_MS = 86_400_000
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
Keep = Callable[[Record], bool]
Resolve = Callable[[str], tuple[Field, Callable[[Record], Any]]]


def comparable(kind: str, value: Any) -> Any:
    """A value in the form in which values of its type are compared; None stays None."""
    if value is None or value == "":
        return None
    if kind in _EXACT:
        return value[:15] if isinstance(value, str) and len(value) == 18 else value
    if kind in _NUMBERS:
        return float(value)
    if kind == "datetime":
        return salesforce_rest(value)
    if kind == "date":
        return str(value)[:10]
    return value.lower() if isinstance(value, str) else value


def matching(condition: Condition, resolve: Resolve, now_ms: int) -> Keep:
    """Compile a condition. Raises the vendor's error for fields and values that do not fit."""
    if isinstance(condition, Comparison):
        return _comparison(condition, resolve, now_ms)
    assert isinstance(condition, Junction)
    parts = [matching(part, resolve, now_ms) for part in condition.parts]
    if condition.word == "NOT":
        return lambda record: not parts[0](record)
    if condition.word == "AND":
        return lambda record: all(part(record) for part in parts)
    return lambda record: any(part(record) for part in parts)


def _comparison(condition: Comparison, resolve: Resolve, now_ms: int) -> Keep:
    field, read = resolve(condition.field)
    kind, operator = field.type, condition.operator
    if operator == "LIKE":
        pattern = _like(str(condition.values[0].value))
        return lambda record: pattern.fullmatch(str(read(record) or "")) is not None
    literal = condition.values[0]
    if literal.kind == "relative":
        start, end = _relative(str(literal.value), kind, now_ms)
        return _in_period(operator, start, end, lambda record: comparable(kind, read(record)))
    values = [_literal(field, value) for value in condition.values]
    if operator in ("IN", "NOT IN"):
        wanted = set(values)
        if operator == "IN":
            return lambda record: comparable(kind, read(record)) in wanted
        return lambda record: comparable(kind, read(record)) not in wanted
    value = values[0]
    if operator == "=":
        return lambda record: comparable(kind, read(record)) == value
    if operator == "!=":
        return lambda record: comparable(kind, read(record)) != value
    compare = _ORDERED[operator]

    def ordered(record: Record) -> bool:
        found = comparable(kind, read(record))
        return found is not None and value is not None and compare(found, value)

    return ordered


def _literal(field: Field, literal: Literal) -> Any:
    if literal.kind == "null":
        return None
    if field.type in ("datetime", "date") and literal.kind != field.type:
        if literal.kind == "text":
            raise _misfit(field, "and should not be enclosed in quotes")
        if field.type == "date" or literal.kind != "date":
            raise _misfit(field, "")
    if field.type in _NUMBERS and literal.kind != "number":
        raise _misfit(field, "and should not be enclosed in quotes")
    if field.type == "boolean" and literal.kind != "boolean":
        raise _misfit(field, "")
    return comparable(field.type, literal.value)


def _misfit(field: Field, more: str) -> ApiProblem:
    message = f"value of filter criterion for field '{field.name}' must be of type {field.type}"
    return ApiProblem(400, [{"message": f"{message} {more}".strip(), "errorCode": "INVALID_FIELD"}])


def _like(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace("%", ".*").replace("_", ".")
    return re.compile(escaped, re.IGNORECASE | re.DOTALL)


def _relative(word: str, kind: str, now_ms: int) -> tuple[Any, Any]:
    """First and one-past-last comparable moment of a date literal such as LAST_N_DAYS:7."""
    name, _, count = word.partition(":")
    today = from_ms(now_ms // _DAY_MS * _DAY_MS)
    days = int(count) if count else 1
    periods = {
        "TODAY": (0, 1),
        "YESTERDAY": (-1, 0),
        "TOMORROW": (1, 2),
        "LAST_N_DAYS": (-days, 1),
        "NEXT_N_DAYS": (1, days + 1),
        "LAST_WEEK": (-today.weekday() - 7, -today.weekday()),
        "THIS_WEEK": (-today.weekday(), 7 - today.weekday()),
        "LAST_90_DAYS": (-90, 1),
    }
    if name not in periods:
        message = f"unexpected token: '{word}'"
        raise ApiProblem(400, [{"message": message, "errorCode": "MALFORMED_QUERY"}])
    first, past = (today + timedelta(days=offset) for offset in periods[name])
    if kind == "date":
        return f"{first:%Y-%m-%d}", f"{past:%Y-%m-%d}"
    return salesforce_rest(first), salesforce_rest(past)


def _in_period(operator: str, start: Any, end: Any, read: Callable[[Record], Any]) -> Keep:
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda value: start <= value < end,
        "!=": lambda value: not start <= value < end,
        "<": lambda value: value < start,
        "<=": lambda value: value < end,
        ">": lambda value: value >= end,
        ">=": lambda value: value >= start,
    }
    test = tests.get(operator)
    if test is None:
        raise ApiProblem(
            400, [{"message": "date literal in a list", "errorCode": "MALFORMED_QUERY"}]
        )
    return lambda record: (value := read(record)) is not None and test(value)
