"""What happens to records while others read them: merges, deletions, silent edits, new fields.

    {"change": "archive", "vendor": "hubspot", "object": "contacts", "id": "90000004110"}

Without an id a change takes the first living record; its answer names the records concerned. Each
does what the vendor does to stamps, which is the point of many: an association, a formula field or
an archived record moves none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from connectors.sandbox.hubspot_objects import merge_records
from connectors.sandbox.record_shape import Record, has_modstamp, modified_property, object_type
from connectors.sandbox.salesforce_fields import key_prefix
from connectors.sandbox.timestamps import iso_z

if TYPE_CHECKING:
    from connectors.sandbox.app import Sandbox

_SAME_STAMP_FIRST = 70_000_000_000


class Change:
    """One request for a change, on the world of a running local CRM."""

    def __init__(self, sandbox: Sandbox, spec: Mapping[str, Any]) -> None:
        self.sandbox, self.world, self.spec = sandbox, sandbox.world, spec
        self.vendor = str(spec.get("vendor", ""))
        if self.vendor not in ("salesforce", "hubspot"):
            raise ValueError("vendor must be salesforce or hubspot")
        obj = str(spec.get("object") or "")
        if not obj:
            raise ValueError("object is missing")
        self.obj = object_type(obj) if self.vendor == "hubspot" else obj
        self.table = self.world.table(self.vendor, self.obj)
        self.is_hubspot = self.vendor == "hubspot"
        self.now = iso_z(self.world.now_ms)

    def need(self, name: str) -> str:
        """An option that must be given."""
        value = self.spec.get(name)
        if value in (None, ""):
            raise ValueError(f"{self.spec['change']} needs {name}")
        return str(value)

    def is_gone(self, record: Record) -> bool:
        """Whether a record is archived or deleted."""
        return bool(record.get("archived" if self.is_hubspot else "IsDeleted"))

    def chosen(self, name: str = "id", *, gone: bool = False, other: str = "") -> Record:
        """The record that was named, else the first living (or gone) one, another than `other`."""
        wanted = self.spec.get(name)
        if wanted is not None:
            found = self.table.get(str(wanted))
            if found is None:
                raise ValueError(f"{self.obj} has no record {wanted}")
            return found
        for key in self.table.ids():
            if key != other and self.is_gone(self.table.rows[key]) is gone:
                return self.table.rows[key]
        raise ValueError(f"{self.obj} has no such record; give {name}")

    def key(self, record: Record) -> str:
        """The id of a record."""
        return str(record["id" if self.is_hubspot else "Id"])

    def keep(self, record: Record, fields: Mapping[str, Any], *, stamped: bool) -> str:
        """Add a version with other values; stamped as an edit does, or as if nothing had been."""
        if self.is_hubspot:
            properties = {**record["properties"], **fields}
            version = {**record, "properties": properties}
            if stamped:
                properties[modified_property(self.obj)] = self.now
                version["updatedAt"] = self.now
        else:
            version = {**record, **fields}
            if stamped and has_modstamp(self.obj):
                version |= {"LastModifiedDate": self.now, "SystemModstamp": self.now}
        self.world.add(self.vendor, self.obj, version, self.world.now)
        return self.key(record)


def update(change: Change) -> list[str]:
    """Edit fields, stamped."""
    return [change.keep(change.chosen(), _fields(change), stamped=True)]


def formula(change: Change) -> list[str]:
    """Let a calculated field have another value: no stamp moves."""
    return [change.keep(change.chosen(), _fields(change), stamped=False)]


def _fields(change: Change) -> dict[str, Any]:
    fields = change.spec.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise ValueError(f"{change.spec['change']} needs fields, an object of names and values")
    return fields


def archive(change: Change) -> list[str]:
    """Archive (HubSpot, no stamp moves) or delete into the bin (Salesforce)."""
    record = change.chosen()
    if not change.is_hubspot:
        return [change.keep(record, {"IsDeleted": True}, stamped=True)]
    version = {**record, "archived": True, "archivedAt": change.now}
    change.world.add("hubspot", change.obj, version, change.world.now)
    return [change.key(record)]


def restore(change: Change) -> list[str]:
    """Bring a record back; HubSpot moves no stamp."""
    record = change.chosen(gone=True)
    if not change.is_hubspot:
        return [change.keep(record, {"IsDeleted": False}, stamped=True)]
    version = {name: value for name, value in record.items() if name != "archivedAt"}
    change.world.add("hubspot", change.obj, {**version, "archived": False}, change.world.now)
    return [change.key(record)]


def purge(change: Change) -> list[str]:
    """Remove a record for good: no answer shows it any more."""
    key = change.key(change.chosen())
    change.world.purge(change.vendor, change.obj, key)
    return [key]


def merge(change: Change) -> list[str]:
    """Merge `loser` into `id`: it vanishes (HubSpot), or stays deleted and points at the winner."""
    winner = change.chosen()
    loser = change.chosen("loser", other=change.key(winner))
    if winner is loser:
        raise ValueError("id and loser are the same record")
    if change.is_hubspot:
        merge_records(change.sandbox.portal, change.obj, winner, loser)
    else:
        gone = {"IsDeleted": True, "MasterRecordId": change.key(winner)}
        change.keep(loser, gone, stamped=True)
        change.keep(winner, {}, stamped=True)
    return [change.key(winner), change.key(loser)]


def associate(change: Change) -> list[str]:
    """Add an association from `id` to `to_id` of `to`: no stamp moves on either side."""
    edge = _edge(change)
    change.world.add("hubspot", "associations", edge, change.world.now)
    return [edge["fromObjectId"], edge["toObjectId"]]


def dissociate(change: Change) -> list[str]:
    """Remove an association, in whichever direction it was given."""
    edge = _edge(change)
    ends = [(edge[f"{end}ObjectType"], edge[f"{end}ObjectId"]) for end in ("from", "to")]
    for one, other in (ends, ends[::-1]):
        key = ":".join((*one, *other))
        if change.world.table("hubspot", "associations").get(key) is not None:
            change.world.purge("hubspot", "associations", key)
            return [ends[0][1], ends[1][1]]
    raise ValueError("there is no such association")


def _edge(change: Change) -> Record:
    if not change.is_hubspot:
        raise ValueError("associations are HubSpot's")
    return {
        "fromObjectType": change.obj,
        "fromObjectId": change.key(change.chosen()),
        "toObjectType": object_type(change.need("to")),
        "toObjectId": change.need("to_id"),
        "associationTypes": change.spec.get("types"),
    }


def same_stamp(change: Change) -> list[str]:
    """Add `count` (12,000) records of one millisecond, copies of a living one under new ids."""
    model, count = change.chosen(), int(change.spec.get("count", 12_000))
    keys = []
    for number in range(count):
        key = str(_SAME_STAMP_FIRST + number)
        if change.is_hubspot:
            copy = {**model, "id": key, "properties": {**model["properties"], "hs_object_id": key}}
            copy["createdAt"] = change.now
        else:
            key = f"{key_prefix(change.obj)}Ss{number:010d}AAA"
            copy = {**model, "Id": key, "CreatedDate": change.now}
        keys.append(change.keep(copy, {}, stamped=True))
    return [keys[0], keys[-1]] if keys else []


def late(change: Change) -> list[str]:
    """Let an edit that was stamped `seconds` (300) ago become visible only now."""
    seconds = float(change.spec.get("seconds", 300))
    change.now = iso_z(change.world.now_ms - round(seconds * 1000))
    fields = change.spec.get("fields") or {}
    return [change.keep(change.chosen(), fields, stamped=True)]


def add_field(change: Change) -> list[str]:
    """Give every record a new field with a value: no stamp moves."""
    fields = {change.need("field"): change.spec.get("value", "new")}
    return _everywhere(change, lambda record: fields)


def remove_field(change: Change) -> list[str]:
    """Take a field away from describe, queries and answers, until faults are cleared."""
    name = change.need("field")
    _hide(change, name)
    return [name]


def rename_field(change: Change) -> list[str]:
    """Give a field another name (`to`), its values with it."""
    name, new = change.need("field"), change.need("to")
    _everywhere(change, lambda record: {new: _values(change, record).get(name)})
    _hide(change, name)
    return [name, new]


def retype_field(change: Change) -> list[str]:
    """Give a field another type; what was a number comes as text when that is text."""
    name, kind = change.need("field"), change.need("type")
    if kind in ("string", "textarea", "picklist") and not change.is_hubspot:
        _everywhere(
            change,
            lambda record: {name: None if record.get(name) is None else str(record[name])},
        )
    spec = {"kind": "retyped_field", "object": change.obj, "field": name, "type": kind}
    change.sandbox.faults.declare(spec)
    return [name]


def _hide(change: Change, name: str) -> None:
    spec = {"kind": "hidden_field", "object": change.obj, "field": name}
    change.sandbox.faults.declare(spec)


def _values(change: Change, record: Record) -> Mapping[str, Any]:
    return record["properties"] if change.is_hubspot else record


def _everywhere(change: Change, fields: Callable[[Record], Mapping[str, Any]]) -> list[str]:
    for key in list(change.table.ids()):
        record = change.table.rows[key]
        change.keep(record, fields(record), stamped=False)
    return [str(change.spec.get("field"))]


CHANGES: dict[str, Callable[[Change], list[str]]] = {
    function.__name__: function
    for function in (
        update,
        formula,
        archive,
        restore,
        purge,
        merge,
        associate,
        dissociate,
        same_stamp,
        late,
        add_field,
        remove_field,
        rename_field,
        retype_field,
    )
}


def make(sandbox: Sandbox, spec: Mapping[str, Any]) -> list[str]:
    """Make a change at once. Raises ValueError naming the field and what is allowed."""
    function = CHANGES.get(str(spec.get("change")))
    if function is None:
        allowed = ", ".join(CHANGES)
        raise ValueError(f"change {spec.get('change')!r} is unknown; use one of {allowed}")
    with sandbox.world.lock:
        return function(Change(sandbox, spec))
