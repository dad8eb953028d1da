"""HubSpot's CRM search with its caps: 200 a page, 10,000 results, five filter groups, index lag.

Filters run over typed, sorted columns that are kept until the records change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import orjson

from connectors.sandbox.call import Answer, Call, answer_json
from connectors.sandbox.hubspot_objects import body_of, render, wanted
from connectors.sandbox.portal import Portal, invalid
from connectors.sandbox.record_shape import Record, modified_property, sort_key
from connectors.sandbox.timestamps import to_ms

_PAGE, _CAP = 200, 10_000
_MOST_GROUPS, _MOST_FILTERS, _MOST_IN_ALL = 5, 6, 18
_KEPT_RESULTS = 32
_SEARCHED = ("email", "firstname", "lastname", "name", "domain", "dealname", "phone", "company")
_RANGE = {"GT", "GTE", "LT", "LTE", "EQ", "BETWEEN"}
Filter = dict[str, Any]
Keep = Callable[[Record], bool]


def search(call: Call, obj: str) -> Answer:
    """Return a page of the live records that match."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    content = body_of(call)
    limit, start = _window(content)
    groups = _groups(content)
    types = {known: str(told["type"]) for known, told in portal.properties(name).items()}
    types["hs_object_id"] = "number"
    for entry in (entry for group in groups for entry in group):
        if entry.get("propertyName") not in types:
            raise invalid(f"Property '{entry.get('propertyName')}' does not exist")
    found = _matching(portal, name, groups, types, str(content.get("query") or ""))
    found = _sorted(found, content.get("sorts") or [], types)
    want = wanted(portal, name, content.get("properties") or [])
    page = found[start : start + limit]
    result: dict[str, Any] = {
        "total": len(found),
        "results": [render(portal, want, row) for row in page],
    }
    if start + limit < len(found):
        result["paging"] = {"next": {"after": str(start + limit)}}
    return answer_json(result)


def _window(content: dict[str, Any]) -> tuple[int, int]:
    limit, after = content.get("limit") or 10, content.get("after") or 0
    if not str(limit).isdigit() or not 0 < int(limit) <= _PAGE:
        raise invalid(f"limit must be a number from 1 to {_PAGE}, not {limit}")
    if not str(after).isdigit():
        raise invalid(f"after must be a number, not {after}")
    if int(after) + int(limit) > _CAP:
        raise invalid(f"paging past {_CAP} results is not possible: after {after}, limit {limit}")
    return int(limit), int(after)


def _groups(content: dict[str, Any]) -> list[list[Filter]]:
    groups = [list(group.get("filters") or []) for group in content.get("filterGroups") or []]
    if not groups and content.get("filters"):
        groups = [list(content["filters"])]
    if len(groups) > _MOST_GROUPS:
        raise invalid(f"a search can have at most {_MOST_GROUPS} filter groups")
    if any(len(group) > _MOST_FILTERS for group in groups) or (
        sum(map(len, groups)) > _MOST_IN_ALL
    ):
        raise invalid(
            f"a search can have at most {_MOST_FILTERS} filters a group and {_MOST_IN_ALL} in all"
        )
    return groups


def _matching(
    portal: Portal, obj: str, groups: list[list[Filter]], types: dict[str, str], text: str
) -> list[Record]:
    """Matching records in id order. Reading on by `hs_object_id > last` reuses one result."""
    beyond: list[Filter] = []
    if len(groups) == 1:
        beyond = [entry for entry in groups[0] if _is_beyond(entry)]
        groups = [[entry for entry in groups[0] if not _is_beyond(entry)]]
    lag = portal.search_lag()
    table = portal.table(obj)
    results: OrderedDict[bytes, list[Record]] = table.cached("searches", OrderedDict)
    key = orjson.dumps([groups, text, lag, portal.world.now_ms])
    found = results.get(key)
    if found is None:
        found = _scan(portal, obj, groups, types, text, lag)
        results[key] = found
        while len(results) > _KEPT_RESULTS:
            results.popitem(last=False)
    for entry in beyond:
        cut = bisect_right if entry["operator"] == "GT" else bisect_left
        at = cut(found, sort_key(str(entry["value"])), key=lambda row: sort_key(row["id"]))
        found = found[at:]
    return found


def _is_beyond(entry: Filter) -> bool:
    return (
        entry.get("propertyName") == "hs_object_id"
        and entry.get("operator") in ("GT", "GTE")
        and str(entry.get("value")).isdigit()
    )


def _scan(
    portal: Portal,
    obj: str,
    groups: list[list[Filter]],
    types: dict[str, str],
    text: str,
    lag: float,
) -> list[Record]:
    records = portal.shown(obj, archived=False)
    if lag:
        newest, modified = portal.world.now_ms - lag * 1000, modified_property(obj)
        records = [row for row in records if to_ms(row["properties"].get(modified) or 0) <= newest]
    elif len(groups) == 1:
        records = _narrowed(portal, obj, records, groups[0], types)
    if any(groups):
        tests = [[_test(entry, types) for entry in group] for group in groups]
        records = [row for row in records if any(all(t(row) for t in group) for group in tests)]
    if text:
        words = text.lower().split()
        records = [row for row in records if _has_words(row, words)]
    return records


def _narrowed(
    portal: Portal, obj: str, records: list[Record], group: list[Filter], types: dict[str, str]
) -> list[Record]:
    """Cut the candidates by the column on which the group's ranges leave the fewest."""
    best: list[Record] | None = None
    for name in {str(entry["propertyName"]) for entry in group}:
        kind = types[name]
        if kind not in ("datetime", "date", "number"):
            continue
        build = partial(_column, records, name, kind)
        values, rows = portal.table(obj).cached(("column", name), build)
        low, high = 0, len(values)
        for entry in group:
            if entry["propertyName"] == name and entry.get("operator") in _RANGE:
                first, past = _range(entry, kind, values)
                low, high = max(low, first), min(high, past)
        if best is None or high - low < len(best):
            best = rows[low : max(low, high)] if high - low < len(records) else best
    if best is None:
        return records
    return sorted(best, key=lambda row: sort_key(row["id"]))


def _column(records: list[Record], name: str, kind: str) -> tuple[list[Any], list[Record]]:
    pairs = [
        (value, at)
        for at, row in enumerate(records)
        if (value := typed(kind, row["properties"].get(name))) is not None
    ]
    pairs.sort()
    return [value for value, _ in pairs], [records[at] for _, at in pairs]


def _range(entry: Filter, kind: str, values: list[Any]) -> tuple[int, int]:
    operator, value = entry["operator"], _operand(entry, "value", kind)
    if operator == "GT":
        return bisect_right(values, value), len(values)
    if operator == "GTE":
        return bisect_left(values, value), len(values)
    if operator == "LT":
        return 0, bisect_left(values, value)
    if operator == "LTE":
        return 0, bisect_right(values, value)
    high = value if operator == "EQ" else _operand(entry, "highValue", kind)
    return bisect_left(values, value), bisect_right(values, high)


def typed(kind: str, value: Any) -> Any:
    """A property value in the form in which it is compared; None when it has none."""
    if value is None or value == "":
        return None
    try:
        if kind in ("datetime", "date"):
            return to_ms(value)
        if kind == "number":
            return float(value)
    except ValueError:
        return None
    return str(value).lower()


def _operand(entry: Filter, name: str, kind: str) -> Any:
    value = typed(kind, entry.get(name))
    if value is None:
        raise invalid(f"{name} of the filter on '{entry['propertyName']}' is missing or no {kind}")
    return value


def _test(entry: Filter, types: dict[str, str]) -> Keep:
    name, operator = str(entry["propertyName"]), entry.get("operator")
    kind = types[name]

    def value_of(row: Record) -> Any:
        return typed(kind, row["properties"].get(name))

    if operator == "HAS_PROPERTY":
        return lambda row: value_of(row) is not None
    if operator == "NOT_HAS_PROPERTY":
        return lambda row: value_of(row) is None
    if operator in ("IN", "NOT_IN"):
        wished = {typed(kind, value) for value in entry.get("values") or []}
        return lambda row: (value_of(row) in wished) is (operator == "IN")
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        part = str(entry.get("value", "")).lower().strip("*")
        return lambda row: (part in str(value_of(row) or "")) is (operator == "CONTAINS_TOKEN")
    if operator == "NEQ":
        other = _operand(entry, "value", kind)
        return lambda row: value_of(row) not in (other, None)
    if operator not in _RANGE:
        raise invalid(f"operator {operator} is not supported")
    low = _operand(entry, "value", kind)
    if operator == "BETWEEN":
        high = _operand(entry, "highValue", kind)
        return lambda row: (found := value_of(row)) is not None and low <= found <= high
    compare: dict[str, Callable[[Any], bool]] = {
        "EQ": lambda found: found == low,
        "GT": lambda found: found > low,
        "GTE": lambda found: found >= low,
        "LT": lambda found: found < low,
        "LTE": lambda found: found <= low,
    }
    test = compare[str(operator)]
    return lambda row: (found := value_of(row)) is not None and test(found)


def _has_words(row: Record, words: Sequence[str]) -> bool:
    text = " ".join(row["properties"].get(name) or "" for name in _SEARCHED).lower()
    return all(word in text for word in words)


def _sorted(records: list[Record], sorts: Sequence[Any], types: dict[str, str]) -> list[Record]:
    for sort in reversed(sorts):
        if isinstance(sort, str):
            name, descending = sort.lstrip("-"), sort.startswith("-")
        else:
            name = str(sort.get("propertyName"))
            descending = sort.get("direction") == "DESCENDING"
        if name not in types:
            raise invalid(f"Property '{name}' does not exist")
        if name == "hs_object_id":
            records = records[::-1] if descending else records
            continue
        keyed = [(typed(types[name], row["properties"].get(name)), row) for row in records]
        filled = [pair for pair in keyed if pair[0] is not None]
        filled.sort(key=lambda pair: pair[0], reverse=descending)
        records = [row for _, row in filled] + [row for value, row in keyed if value is None]
    return records
