"""What a HubSpot portal has: live and archived records, property definitions, look-up by id.

Shared by the HubSpot API modules; answers and their shapes belong to those.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.sandbox.call import ApiProblem
from connectors.sandbox.faults import Faults
from connectors.sandbox.hubspot_properties import default_types, definition
from connectors.sandbox.record_shape import CRM_OBJECTS, Record, is_crm_object, object_type
from connectors.sandbox.world import Table, World

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
CORRELATION_ID = "a43683b0-5717-4ceb-80b4-104d02915d8c"


def problem(status: int, category: str, message: str, **more: Any) -> ApiProblem:
    """Return an error as HubSpot writes it."""
    return ApiProblem(
        status,
        {
            "status": "error",
            "message": message,
            "correlationId": CORRELATION_ID,
            "category": category,
            **more,
        },
    )


def invalid(message: str) -> ApiProblem:
    """Return the answer to a request that asks for something impossible."""
    return problem(400, "VALIDATION_ERROR", message)


class Portal:
    """The HubSpot side of a world."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self._faults = faults

    def table(self, obj: str) -> Table:
        """Return the records of an object."""
        return self.world.table("hubspot", obj)

    def resolve(self, name: str) -> str:
        """Return the plural name of an object type. Raises HubSpot's error for unknown ones."""
        obj = object_type(name)
        known = obj in CRM_OBJECTS or (is_crm_object(obj) and obj in self.world.objects("hubspot"))
        if not known or any(True for _ in self._faults.showing("hidden_object", object=obj)):
            raise invalid(f"Unable to infer object type from: {name}")
        return obj

    def shown(self, obj: str, *, archived: bool) -> list[Record]:
        """Live or archived records, in id order."""
        table = self.table(obj)
        return table.cached(
            ("shown", archived),
            lambda: [row for row in table.records() if bool(row.get("archived")) is archived],
        )

    def find(self, obj: str, key: str, *, archived: bool = False) -> Record | None:
        """Return a record by id; the id of a record that was merged away leads to the survivor."""
        table = self.table(obj)
        found = table.get(key)
        if found is None:
            found = table.get(table.cached("merged", lambda: _merged(table)).get(key, ""))
        if found is None or bool(found.get("archived")) is not archived:
            return None
        return found

    def properties(self, obj: str) -> dict[str, dict[str, Any]]:
        """Property definitions by name: the portal's own, else defaults and those in use."""
        own = self.table("properties")
        mine = own.cached(("of", obj), lambda: _own(own, obj))
        if not mine:
            table = self.table(obj)
            mine = table.cached("properties", lambda: _derived(obj, table))
        hidden = {
            fault.options["field"] for fault in self._faults.showing("hidden_field", object=obj)
        }
        retyped = {
            fault.options["field"]: {"type": fault.options["type"]}
            for fault in self._faults.showing("retyped_field", object=obj)
        }
        if hidden or retyped:
            return {
                name: {**told, **retyped.get(name, {})}
                for name, told in mine.items()
                if name not in hidden
            }
        return mine

    def search_lag(self) -> float:
        """Seconds by which the search index is behind."""
        return max(
            (float(fault.options["seconds"]) for fault in self._faults.showing("search_lag")),
            default=0.0,
        )


def _merged(table: Table) -> dict[str, str]:
    survivors: dict[str, str] = {}
    for row in table.rows.values():
        for loser in (row["properties"].get("hs_merged_object_ids") or "").split(";"):
            if loser:
                survivors[loser] = row["id"]
    return survivors


def _own(table: Table, obj: str) -> dict[str, dict[str, Any]]:
    return {
        row["name"]: {
            **definition(obj, row["name"], row.get("type") or "string"),
            **{name: value for name, value in row.items() if name != "objectType"},
        }
        for row in table.records()
        if object_type(str(row["objectType"])) == obj
    }


def _derived(obj: str, table: Table) -> dict[str, dict[str, Any]]:
    types = default_types(obj)
    seen: dict[str, list[str]] = {}
    for row in table.rows.values():
        for name in row["properties"].keys() - types.keys():
            if row["properties"][name]:
                seen.setdefault(name, []).append(row["properties"][name])
            else:
                seen.setdefault(name, [])
    for name in sorted(seen):
        types[name] = _inferred(seen[name])
    return {name: definition(obj, name, kind) for name, kind in types.items()}


def _inferred(values: list[str]) -> str:
    if values and all(value in ("true", "false") for value in values):
        return "bool"
    if values and all(map(_TIME.fullmatch, values)):
        return "datetime"
    if values and all(map(_NUMBER.fullmatch, values)):
        return "number"
    return "string"
