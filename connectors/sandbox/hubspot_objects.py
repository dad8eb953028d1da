"""HubSpot CRM objects: list, read one, batch read, merge, with history and associations.

Search is `hubspot_search`; which records there are is `portal`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from connectors.sandbox.call import Answer, Call, answer_json
from connectors.sandbox.hubspot_associations import edges, listed_type, move_edges
from connectors.sandbox.hubspot_properties import shown_by_default
from connectors.sandbox.portal import Portal, invalid, problem
from connectors.sandbox.record_shape import (
    Record,
    created_property,
    modified_property,
    object_type,
    sort_key,
)
from connectors.sandbox.timestamps import iso_z, to_ms

_PAGE, _HISTORY_PAGE = 100, 50
_LISTED_ASSOCIATIONS = 100


@dataclass(frozen=True)
class Wanted:
    """Which properties, histories and associations a caller wants of an object."""

    obj: str
    names: tuple[str, ...]
    history: tuple[str, ...]
    associations: tuple[str, ...] = ()


def body_of(call: Call) -> dict[str, Any]:
    """Return the JSON object of a request's body."""
    try:
        content = orjson.loads(call.body or b"{}")
    except orjson.JSONDecodeError as error:
        raise invalid(f"Invalid input JSON: {error}") from None
    if not isinstance(content, dict):
        raise invalid("Invalid input JSON: an object is expected")
    return content


def wanted(
    portal: Portal,
    obj: str,
    names: Sequence[str],
    history: Sequence[str] = (),
    associations: Sequence[str] = (),
) -> Wanted:
    """Resolve what a caller asks for; like HubSpot, leave out properties that do not exist."""
    known = portal.properties(obj)
    envelope = (created_property(obj), "hs_object_id", modified_property(obj))
    asked = names or shown_by_default(obj)
    kept = [name for name in (*asked, *envelope) if name in known or name in envelope]
    return Wanted(
        obj,
        tuple(dict.fromkeys(kept)),
        tuple(dict.fromkeys(name for name in history if name in known)),
        tuple(dict.fromkeys(map(object_type, associations))),
    )


def render(portal: Portal, want: Wanted, record: Record) -> dict[str, Any]:
    """Return a record as the objects API answers it."""
    properties = record["properties"]
    content: dict[str, Any] = {
        "id": record["id"],
        "properties": {name: properties.get(name) for name in want.names},
        "createdAt": record.get("createdAt"),
        "updatedAt": record.get("updatedAt"),
        "archived": bool(record.get("archived")),
    }
    if content["archived"]:
        content["archivedAt"] = record.get("archivedAt") or record.get("updatedAt")
    if want.history:
        now_ms = portal.world.now_ms
        all_history = record.get("propertiesWithHistory") or {}
        content["propertiesWithHistory"] = {
            name: _history(all_history.get(name) or (), now_ms) for name in want.history
        }
    if want.associations:
        found = {to: _associated(portal, want.obj, record["id"], to) for to in want.associations}
        filled = {to: shown for to, shown in found.items() if shown is not None}
        if filled:
            content["associations"] = filled
    return content


def _history(entries: Sequence[dict[str, Any]], now_ms: int) -> list[dict[str, Any]]:
    known = [entry for entry in entries if to_ms(entry["timestamp"]) <= now_ms]
    return sorted(known, key=lambda entry: to_ms(entry["timestamp"]), reverse=True)


def _associated(portal: Portal, obj: str, record_id: str, to: str) -> dict[str, Any] | None:
    found = edges(portal, obj, record_id, to)
    if not found:
        return None
    results = [
        {"id": edge.to_id, "type": name}
        for edge in found
        for name in listed_type(obj, to, edge.types)
    ]
    content: dict[str, Any] = {"results": results[:_LISTED_ASSOCIATIONS]}
    if len(results) > _LISTED_ASSOCIATIONS:
        content["paging"] = {"next": {"after": results[_LISTED_ASSOCIATIONS - 1]["id"]}}
    return content


def page_size(call: Call, default: int, largest: int) -> int:
    """Return the `limit` of a request. Raises HubSpot's error when it is no number or too large."""
    text = call.one("limit", str(default))
    if not text.isdigit() or not 0 < int(text) <= largest:
        raise invalid(f"limit must be a number from 1 to {largest}, not {text}")
    return int(text)


def next_page(call: Call, after: str) -> dict[str, Any]:
    """Return the `paging` block that leads to the next page."""
    query = [
        (name, value) for name, values in call.query.items() for value in values if name != "after"
    ]
    link = f"{call.base_url}{call.path}?{urlencode([*query, ('after', after)])}"
    return {"next": {"after": after, "link": link}}


def list_objects(call: Call, obj: str) -> Answer:
    """Return a page of live (or archived) records in id order."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    history = call.many("propertiesWithHistory")
    limit = page_size(call, 10, _HISTORY_PAGE if history else _PAGE)
    want = wanted(portal, name, call.many("properties"), history, call.many("associations"))
    records = portal.shown(name, archived=call.flag("archived"))
    start = 0
    if after := call.one("after"):
        start = bisect_right(records, sort_key(after), key=lambda row: sort_key(row["id"]))
    page = records[start : start + limit]
    content: dict[str, Any] = {"results": [render(portal, want, row) for row in page]}
    if start + limit < len(records):
        content["paging"] = next_page(call, page[-1]["id"])
    return answer_json(content)


def read_object(call: Call, obj: str, record_id: str) -> Answer:
    """Return one record."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    history = call.many("propertiesWithHistory")
    want = wanted(portal, name, call.many("properties"), history, call.many("associations"))
    record = _lookup(portal, name, record_id, call.one("idProperty"), call.flag("archived"))
    if record is None:
        raise problem(404, "OBJECT_NOT_FOUND", "resource not found")
    return answer_json(render(portal, want, record))


def _lookup(
    portal: Portal, obj: str, value: str, id_property: str, archived: bool
) -> Record | None:
    if not id_property or id_property == "hs_object_id":
        return portal.find(obj, value, archived=archived)
    for row in portal.shown(obj, archived=archived):
        if (row["properties"].get(id_property) or "").lower() == value.lower():
            return row
    return None


def batch_read(call: Call, obj: str) -> Answer:
    """Return records by id; 207 with an error entry when some are not there."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    content = body_of(call)
    history = content.get("propertiesWithHistory") or []
    inputs = content.get("inputs") or []
    largest = _HISTORY_PAGE if history else _PAGE
    if len(inputs) > largest:
        raise invalid(f"The maximum number of inputs is {largest}, got {len(inputs)}")
    want = wanted(portal, name, content.get("properties") or [], history)
    results, missing, seen = [], [], set()
    for entry in inputs:
        value = str(entry.get("id", "")) if isinstance(entry, dict) else ""
        id_property = content.get("idProperty") or ""
        record = _lookup(portal, name, value, id_property, call.flag("archived"))
        if record is None:
            missing.append(value)
        elif record["id"] not in seen:
            seen.add(record["id"])
            results.append(render(portal, want, record))
    return batch_answer(call, results, _not_found(name, missing))


def _not_found(obj: str, missing: list[str]) -> list[dict[str, Any]]:
    if not missing:
        return []
    message = f"Could not get some {obj} objects, they may be deleted or not exist. Check that ids"
    return [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": f"{message} are valid.",
            "context": {"ids": missing},
        }
    ]


def batch_answer(call: Call, results: list[Any], errors: list[dict[str, Any]]) -> Answer:
    """Return a batch answer: 200, or 207 when there are errors."""
    now = iso_z(call.sandbox.world.now_ms)
    content: dict[str, Any] = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": now,
        "completedAt": now,
    }
    if errors:
        content |= {"numErrors": len(errors), "errors": errors}
    return answer_json(content, 207 if errors else 200)


def merge(call: Call, obj: str) -> Answer:
    """Merge one record into another; the loser disappears."""
    portal = call.sandbox.portal
    name = call.subject = portal.resolve(obj)
    content = body_of(call)
    winner_id, loser_id = (
        str(content.get(field, "")) for field in ("primaryObjectId", "objectIdToMerge")
    )
    winner, loser = portal.find(name, winner_id), portal.find(name, loser_id)
    if winner is None or loser is None or winner is loser:
        raise invalid("primaryObjectId and objectIdToMerge must be two existing records")
    survivor = merge_records(portal, name, winner, loser)
    return answer_json(render(portal, wanted(portal, name, ()), survivor))


def merge_records(portal: Portal, obj: str, winner: Record, loser: Record) -> Record:
    """Let the winner take over values, ids and associations of the loser, which vanishes."""
    now = iso_z(portal.world.now_ms)
    ids = [*(winner["properties"].get("hs_merged_object_ids") or "").split(";"), loser["id"]]
    ids += (loser["properties"].get("hs_merged_object_ids") or "").split(";")
    known = {key: value for key, value in loser["properties"].items() if value is not None}
    own = {key: value for key, value in winner["properties"].items() if value is not None}
    merged_ids = ";".join(filter(None, ids))
    properties = {**known, **own, "hs_merged_object_ids": merged_ids, modified_property(obj): now}
    survivor = {**winner, "properties": properties, "updatedAt": now}
    move_edges(portal, obj, loser["id"], winner["id"])
    portal.world.purge("hubspot", obj, loser["id"])
    portal.world.add("hubspot", obj, survivor, portal.world.now)
    return survivor
