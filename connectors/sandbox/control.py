"""`/_sandbox/*`: the clock, faults, request counts and records of the running local CRM.

For demos and tests; no vendor has these paths.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

from connectors.sandbox.call import Answer, ApiProblem, Call, Route, answer_json
from connectors.sandbox.record_shape import (
    Record,
    has_modstamp,
    is_crm_object,
    modified_property,
    object_type,
    stamp_ms,
)
from connectors.sandbox.timestamps import from_ms, iso_z, to_ms
from connectors.sandbox.world import World


def _refused(message: str) -> ApiProblem:
    return ApiProblem(400, {"error": message})


def _body(call: Call) -> dict[str, Any]:
    try:
        content = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise _refused(f"the body is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise _refused("the body is not a JSON object")
    return content


def health(call: Call) -> Answer:
    """Say that the server answers, and what it serves."""
    world = call.sandbox.world
    sizes = {
        vendor: {obj: len(world.table(vendor, obj)) for obj in world.objects(vendor)}
        for vendor in ("salesforce", "hubspot")
    }
    return answer_json({"status": "ok", "now": iso_z(world.now_ms), "records": sizes})


def clock(call: Call) -> Answer:
    """Return the clock."""
    return answer_json({"now": iso_z(call.sandbox.world.now_ms)})


def move_clock(call: Call) -> Answer:
    """Advance the clock by days (or hours, minutes, seconds), or set it."""
    content, world = _body(call), call.sandbox.world
    units = {"advance_days": 1.0, "advance_hours": 1 / 24, "advance_minutes": 1 / 1440}
    units["advance_seconds"] = 1 / 86400
    unknown = sorted(set(content) - set(units) - {"now"})
    if unknown or not content:
        raise _refused(f"give now or one of {', '.join(units)}, not {unknown or 'nothing'}")
    try:
        target = from_ms(to_ms(content["now"])) if "now" in content else world.now
        days = sum(float(content.get(name, 0)) * share for name, share in units.items())
    except (TypeError, ValueError) as error:
        raise _refused(f"{error}; write now like 2026-06-30T12:00:00Z, days as a number") from None
    world.advance_to(target + timedelta(days=days))
    call.sandbox.on_clock(world)
    return clock(call)


def declare_fault(call: Call) -> Answer:
    """Declare one fault, or several under `faults`."""
    content = _body(call)
    try:
        for spec in content.get("faults", [content]):
            call.sandbox.faults.declare(spec)
    except (TypeError, ValueError) as error:
        raise _refused(str(error)) from None
    return list_faults(call)


def list_faults(call: Call) -> Answer:
    """Return the declared faults and how often each was met."""
    return answer_json({"faults": call.sandbox.faults.told()})


def clear_faults(call: Call) -> Answer:
    """Forget all faults and accept revoked tokens again."""
    call.sandbox.faults.clear()
    call.sandbox.tokens.restore()
    return list_faults(call)


def requests(call: Call) -> Answer:
    """Return the number of requests by family and object since the last reset."""
    told = call.sandbox.counts.told()
    return answer_json({"total": sum(told.values()), "families": told})


def reset_requests(call: Call) -> Answer:
    """Start counting anew."""
    call.sandbox.counts.reset()
    return requests(call)


def records(call: Call) -> Answer:
    """Add record versions, or purge records: {vendor, object, records, delete, visible_at}."""
    content, world = _body(call), call.sandbox.world
    vendor, obj = content.get("vendor"), content.get("object")
    if not vendor or not obj:
        raise _refused("give vendor, object and records (or delete: a list of ids)")
    upserts, deleted = content.get("records") or [], content.get("delete") or []
    try:
        visible_at = content.get("visible_at")
        moment = None if visible_at is None else from_ms(to_ms(visible_at))
        for record in upserts:
            own = _stamped(world, vendor, obj, record)
            world.add(vendor, obj, record, moment or own)
        for key in deleted:
            world.purge(vendor, obj, str(key), moment)
    except (TypeError, ValueError, AttributeError) as error:
        raise _refused(f"{vendor} {obj}: {error}") from None
    return answer_json({"added": len(upserts), "deleted": len(deleted)})


def change(call: Call) -> Answer:
    """Let something happen to records: {change, vendor, object, id, …} (`changes`)."""
    try:
        concerned = call.sandbox.change(_body(call))
    except (TypeError, ValueError) as error:
        raise _refused(str(error)) from None
    return answer_json({"concerned": concerned})


def _stamped(world: World, vendor: str, obj: str, record: Record) -> datetime:
    """When a posted record shows: now, unless it speaks of the future. Without stamp: the clock."""
    obj = object_type(obj) if vendor == "hubspot" else obj
    stamp = stamp_ms(vendor, obj, record)
    if vendor == "salesforce" and not record.get("SystemModstamp") and has_modstamp(obj):
        record["SystemModstamp"] = iso_z(world.now_ms if stamp is None else stamp)
    elif vendor == "hubspot" and is_crm_object(obj) and not record.get("updatedAt"):
        modified = (record.get("properties") or {}).get(modified_property(obj))
        record["updatedAt"] = modified or iso_z(world.now_ms)
    return from_ms(max(stamp or 0, world.now_ms))


ROUTES = (
    Route("GET", "/_sandbox/health", "control", health),
    Route("GET", "/_sandbox/clock", "control", clock),
    Route("POST", "/_sandbox/clock", "control", move_clock),
    Route("GET", "/_sandbox/faults", "control", list_faults),
    Route("POST", "/_sandbox/faults", "control", declare_fault),
    Route("DELETE", "/_sandbox/faults", "control", clear_faults),
    Route("GET", "/_sandbox/requests", "control", requests),
    Route("DELETE", "/_sandbox/requests", "control", reset_requests),
    Route("POST", "/_sandbox/records", "control", records),
    Route("POST", "/_sandbox/changes", "control", change),
)
