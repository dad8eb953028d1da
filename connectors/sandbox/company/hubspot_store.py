"""What HubSpot has stored: current records, property histories, and each version to show.

Knows how HubSpot stamps, archives and merges records; not what any record means. Versions before
`show_all` are folded into the one that is current then; each later change is its own version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from connectors.sandbox.company.ids import IdCounter
from connectors.sandbox.company.simulation import Simulation
from connectors.sandbox.world import World

Fields = dict[str, Any]
Ends = tuple[str, str, str, str]  # from type, from id, to type, to id


@lru_cache(maxsize=4096)
def hs_time(moment: datetime) -> str:
    """Spell a moment as HubSpot does."""
    return moment.isoformat()[:19] + ".000Z"


class HubSpot:
    """HubSpot's records, by object type and id, with the history of their properties."""

    def __init__(self, world: World, sim: Simulation, ids: IdCounter) -> None:
        self.rows: dict[str, dict[str, Fields]] = {}
        self._world, self._sim, self._ids = world, sim, ids
        self._is_shown = False
        self._later: list[tuple[str, Fields]] = []
        self._edges: dict[Ends, int] = {}
        # Told of every change as it is made: object, record, its source, the properties.
        self.witness: Callable[[str, Fields, str, Fields], None] | None = None

    def __getitem__(self, obj: str) -> dict[str, Fields]:
        return self.rows.setdefault(obj, {})

    def next_id(self) -> str:
        """Give an id to something that is not one of the objects with properties."""
        return self._ids.hubspot()

    def create(self, obj: str, source: str = "CRM_UI", **properties: Any) -> str:
        """Create a record; give its id."""
        record_id = self._ids.hubspot()
        now = hs_time(self._sim.now)
        names = ("createdate", "lastmodifieddate") if obj == "contacts" else _stamps(obj)
        record: Fields = {
            "id": record_id,
            "properties": {names[0]: now, names[1]: now, "hs_object_id": record_id},
            "propertiesWithHistory": {},
            "createdAt": now,
            "updatedAt": now,
            "archived": False,
        }
        self[obj][record_id] = record
        self._write(obj, record, properties, source)
        return record_id

    def change(self, obj: str, record_id: str, source: str = "CRM_UI", **properties: Any) -> None:
        """Update properties: the stamps move and properties keep their history."""
        record = self[obj][record_id]
        current = record["properties"]
        # A page view counts even when the address is the one seen before.
        changed = {
            name: value
            for name, value in properties.items()
            if current.get(name) != value or name == "hs_analytics_last_url"
        }
        if changed:
            self._write(obj, record, changed, source)

    def archive(self, obj: str, record_id: str) -> None:
        """Archive a record; it stays in the archived pass, its edges do not."""
        self._drop_edges(obj, record_id)
        record = self[obj][record_id]
        record["archived"] = True
        record["archivedAt"] = record["updatedAt"] = hs_time(self._sim.now)
        if self.witness:
            self.witness(obj, record, "CRM_UI", {"archived": True})
        self._show(obj, record)

    def purge(self, obj: str, record_id: str) -> None:
        """Erase a record and its edges: no answer of HubSpot shows it any more."""
        self._drop_edges(obj, record_id)
        del self[obj][record_id]
        if self._is_shown:
            self._world.purge("hubspot", obj, record_id, self._sim.now)

    def merge(self, obj: str, survivor: str, loser: str) -> None:
        """Merge: the loser vanishes, the survivor names it and takes over its edges."""
        for key, number in self._drop_edges(obj, loser):
            start, end = (survivor if part == loser else part for part in (key[1], key[3]))
            self._join((key[0], start, key[2], end), number)
        merged = self[obj][survivor]["properties"].get("hs_merged_object_ids")
        ids = f"{merged};{loser}" if merged else loser
        self.purge(obj, loser)
        self.change(obj, survivor, hs_merged_object_ids=ids)

    def associate(self, first: tuple[str, str], second: tuple[str, str], *types: int) -> None:
        """Join two records in both directions; `types` are HubSpot's type ids there and back."""
        self._join(first + second, types[0])
        self._join(second + first, types[1])

    def _join(self, ends: Ends, number: int) -> None:
        self._edges[ends] = number
        if self._is_shown:
            self._world.add("hubspot", "associations", _edge(ends, number), self._sim.now)

    def _drop_edges(self, obj: str, record_id: str) -> list[tuple[Ends, int]]:
        ends = (obj, record_id)
        found = [(key, n) for key, n in self._edges.items() if ends in (key[:2], key[2:])]
        for key, _ in found:
            del self._edges[key]
            if self._is_shown:
                self._world.purge("hubspot", "associations", ":".join(key), self._sim.now)
        return found

    def add_row(self, obj: str, row: Fields) -> None:
        """Add something that never changes: an edge, a submission, an e-mail event."""
        if self._is_shown:
            self._world.add("hubspot", obj, row, self._sim.now)
        else:
            self._later.append((obj, row))

    def show_all(self) -> None:
        """From now on every change is its own version; what is current is shown first."""
        self._is_shown = True
        for obj, rows in self.rows.items():
            for record in rows.values():
                self._show(obj, record)
        for obj, row in self._later:
            self._world.add("hubspot", obj, row)
        self._later = []
        for ends, number in self._edges.items():
            self._world.add("hubspot", "associations", _edge(ends, number))

    def _write(self, obj: str, record: Fields, properties: Fields, source: str) -> None:
        now = hs_time(self._sim.now)
        for name, value in properties.items():
            if value is None and name not in record["properties"]:
                continue
            record["properties"][name] = value
            entry = {"value": value or "", "timestamp": now, "sourceType": source}
            history = record["propertiesWithHistory"]
            history[name] = [entry, *history.get(name, ())]
        record["properties"][_stamps(obj)[1]] = record["updatedAt"] = now
        if self.witness:
            self.witness(obj, record, source, properties)
        self._show(obj, record)

    def _show(self, obj: str, record: Fields) -> None:
        if self._is_shown:
            version = {**record, "properties": dict(record["properties"])}
            version["propertiesWithHistory"] = dict(record["propertiesWithHistory"])
            self._world.add("hubspot", obj, version)


def _edge(ends: tuple[str, ...], number: int) -> Fields:
    names = ("fromObjectType", "fromObjectId", "toObjectType", "toObjectId")
    kind = {"category": "HUBSPOT_DEFINED", "typeId": number, "label": None}
    return {**dict(zip(names, ends, strict=True)), "associationTypes": [kind]}


def _stamps(obj: str) -> tuple[str, str]:
    if obj == "contacts":
        return "createdate", "lastmodifieddate"
    created = "createdate" if obj in ("companies", "deals") else "hs_createdate"
    return created, "hs_lastmodifieddate"
