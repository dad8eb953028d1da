"""HubSpot associations: the edges between records, in the v3, v4 and date-based answer shapes.

An edge given in one direction is served in both, as HubSpot does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from connectors.sandbox.call import Answer, Call, answer_json
from connectors.sandbox.portal import Portal, invalid
from connectors.sandbox.record_shape import CRM_OBJECTS, object_type, sort_key
from connectors.sandbox.timestamps import iso_z

_MOST_INPUTS = 1000
_EDGES_A_PAGE = 500
# HubSpot's own unlabelled type ids, (from, to): type id
_TYPE_IDS = {
    ("contacts", "companies"): 279,
    ("companies", "contacts"): 280,
    ("contacts", "deals"): 4,
    ("deals", "contacts"): 3,
    ("companies", "deals"): 342,
    ("deals", "companies"): 341,
    ("calls", "contacts"): 194,
    ("contacts", "calls"): 193,
    ("calls", "companies"): 182,
    ("companies", "calls"): 181,
    ("calls", "deals"): 206,
    ("deals", "calls"): 205,
    ("meetings", "contacts"): 200,
    ("contacts", "meetings"): 199,
    ("meetings", "companies"): 188,
    ("companies", "meetings"): 187,
    ("meetings", "deals"): 212,
    ("deals", "meetings"): 211,
    ("emails", "contacts"): 198,
    ("contacts", "emails"): 197,
    ("emails", "companies"): 186,
    ("companies", "emails"): 185,
    ("emails", "deals"): 210,
    ("deals", "emails"): 209,
    ("tasks", "contacts"): 204,
    ("contacts", "tasks"): 203,
    ("tasks", "companies"): 192,
    ("companies", "tasks"): 191,
    ("tasks", "deals"): 216,
    ("deals", "tasks"): 215,
}
# Primary associations and their other direction.
_PRIMARY = {1: 2, 2: 1, 5: 6, 6: 5}
_SINGULAR = {"companies": "company"}
Types = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Edge:
    """One association seen from its first record."""

    to_id: str
    types: Types


def edges(portal: Portal, obj: str, record_id: str, to: str) -> list[Edge]:
    """Return a record's associations to an object type, archived records left out."""
    table = portal.table("associations")
    index = table.cached("index", lambda: _index(table.rows.values()))
    rows = portal.table(to).rows
    return [
        edge
        for edge in index.get((obj, to), {}).get(record_id, ())
        if not rows.get(edge.to_id, {}).get("archived")
    ]


def _index(records: Any) -> dict[tuple[str, str], dict[str, list[Edge]]]:
    found: dict[tuple[str, str], dict[str, dict[str, Types]]] = {}
    reverse: list[tuple[str, str, str, str, Types]] = []
    for row in records:
        if row.get("archived"):
            continue
        start, end = row["fromObjectType"], row["toObjectType"]
        types = _types(row.get("associationTypes"), start, end)
        by_id = found.setdefault((start, end), {})
        by_id.setdefault(row["fromObjectId"], {})[row["toObjectId"]] = types
        reverse.append((end, start, row["toObjectId"], row["fromObjectId"], types))
    for start, end, from_id, to_id, types in reverse:
        by_id = found.setdefault((start, end), {})
        by_id.setdefault(from_id, {}).setdefault(to_id, _reversed(types, start, end))
    return {
        pair: {
            from_id: [Edge(to, targets[to]) for to in sorted(targets, key=sort_key)]
            for from_id, targets in by_id.items()
        }
        for pair, by_id in found.items()
    }


def move_edges(portal: Portal, obj: str, loser: str, winner: str) -> None:
    """Let the associations of a record that was merged away be the survivor's."""
    world = portal.world
    for key, row in list(portal.table("associations").rows.items()):
        moved = dict(row)
        for end in ("from", "to"):
            if (row[f"{end}ObjectType"], row[f"{end}ObjectId"]) == (obj, loser):
                moved[f"{end}ObjectId"] = winner
        if moved != row:
            world.purge("hubspot", "associations", key)
            world.add("hubspot", "associations", moved, world.now)


def _types(given: Any, start: str, end: str) -> Types:
    if isinstance(given, str):
        given = orjson.loads(given)
    if given:
        return [{"category": "HUBSPOT_DEFINED", "label": None, **entry} for entry in given]
    type_id = _TYPE_IDS.get((start, end), 0)
    return [{"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": None}]


def _reversed(types: Types, start: str, end: str) -> Types:
    turned = []
    for entry in types:
        if entry["category"] == "HUBSPOT_DEFINED":
            type_id = _PRIMARY.get(entry.get("typeId", 0), _TYPE_IDS.get((start, end), 0))
            turned.append({**entry, "typeId": type_id})
        else:
            turned.append(dict(entry))
    return turned


def listed_type(obj: str, to: str, types: Types) -> list[str]:
    """Names of an edge's types as the list and v3 answers write them."""
    name = f"{_SINGULAR.get(obj, obj[:-1])}_to_{_SINGULAR.get(to, to[:-1])}"
    return [f"{name}_unlabeled" if entry.get("typeId") in _PRIMARY else name for entry in types]


def _pair(call: Call, start: str, end: str) -> tuple[str, str]:
    portal = call.sandbox.portal
    obj = portal.resolve(start)
    to = object_type(end)
    if to not in CRM_OBJECTS:
        to = portal.resolve(end)
    call.subject = f"{obj}-{to}"
    return obj, to


def _shown(call: Call, obj: str, to: str, edge: Edge) -> list[dict[str, Any]]:
    if call.version == "v3":
        return [{"id": edge.to_id, "type": name} for name in listed_type(obj, to, edge.types)]
    to_id: int | str = int(edge.to_id) if edge.to_id.isdigit() else edge.to_id
    return [{"toObjectId": to_id, "associationTypes": list(edge.types)}]


def _page(
    call: Call, obj: str, to: str, found: list[Edge], after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    if after:
        found = [edge for edge in found if sort_key(edge.to_id) > sort_key(after)]
    page = found[:limit]
    last = page[-1].to_id if len(found) > limit else None
    return [shown for edge in page for shown in _shown(call, obj, to, edge)], last


def batch_read(call: Call, start: str, end: str) -> Answer:
    """Return the associations of up to 1,000 records."""
    obj, to = _pair(call, start, end)
    try:
        inputs = orjson.loads(call.body).get("inputs") or []
    except (orjson.JSONDecodeError, AttributeError):
        raise invalid("Invalid input JSON") from None
    if len(inputs) > _MOST_INPUTS:
        raise invalid(f"The maximum number of inputs is {_MOST_INPUTS}, got {len(inputs)}")
    results, without = [], []
    for entry in inputs:
        from_id = str(entry.get("id", ""))
        found = edges(call.sandbox.portal, obj, from_id, to)
        shown, last = _page(call, obj, to, found, str(entry.get("after") or ""), _EDGES_A_PAGE)
        if not shown:
            without.append(from_id)
            continue
        result: dict[str, Any] = {"from": {"id": from_id}, "to": shown}
        if last is not None:
            result["paging"] = {"next": {"after": last}}
        results.append(result)
    now = iso_z(call.sandbox.world.now_ms)
    content: dict[str, Any] = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": now,
        "completedAt": now,
    }
    if without:
        content["numErrors"] = len(without)
        content["errors"] = [
            {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": f"No {to} is associated with {obj} {from_id}.",
                "context": {
                    "fromObjectId": [from_id],
                    "fromObjectType": [obj],
                    "toObjectType": [to],
                },
            }
            for from_id in without
        ]
    return answer_json(content, 207 if without else 200)


def of_record(call: Call, start: str, record_id: str, end: str) -> Answer:
    """Return one record's associations to an object type."""
    obj, to = _pair(call, start, end)
    limit = call.one("limit", str(_EDGES_A_PAGE))
    if not limit.isdigit() or not 0 < int(limit) <= _EDGES_A_PAGE:
        raise invalid(f"limit must be a number from 1 to {_EDGES_A_PAGE}")
    found = edges(call.sandbox.portal, obj, record_id, to)
    shown, last = _page(call, obj, to, found, call.one("after"), int(limit))
    content: dict[str, Any] = {"results": shown}
    if last is not None:
        link = f"{call.base_url}{call.path}?after={last}&limit={limit}"
        content["paging"] = {"next": {"after": last, "link": link}}
    return answer_json(content)


def labels(call: Call, start: str, end: str) -> Answer:
    """Return the association types between two object types."""
    obj, to = _pair(call, start, end)
    type_id = _TYPE_IDS.get((obj, to))
    known = [] if type_id is None else [type_id]
    results = [{"category": "HUBSPOT_DEFINED", "typeId": found, "label": None} for found in known]
    return answer_json({"results": results})
