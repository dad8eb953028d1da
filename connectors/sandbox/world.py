"""The world behind the local CRM: versions of records, and a clock that decides which are shown.

A world knows no HTTP and no vendor's answer shapes. Whoever fills it (the simulated company, a
folder of JSON lines, a test) adds versions; the API modules read the current state.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from connectors.sandbox.record_shape import (
    Record,
    complete,
    key_of,
    object_type,
    sort_key,
    stamp_ms,
)
from connectors.sandbox.timestamps import from_ms, to_ms

VENDORS = ("salesforce", "hubspot")
_ALWAYS = -(2**62)
_T = TypeVar("_T")


class _Version(NamedTuple):
    visible_ms: int
    sequence: int
    vendor: str
    obj: str
    key: str
    record: Record | None  # None: the record is purged, no API returns it any more


class Table:
    """Current state of one object. Readers get lists that are never changed afterwards."""

    def __init__(self) -> None:
        self.rows: dict[str, Record] = {}
        self.generation = 0
        self._applied_ms: dict[str, int] = {}
        self._cache: dict[Any, Any] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, key: str) -> Record | None:
        """Return the current record with this id."""
        return self.rows.get(key)

    def ids(self) -> list[str]:
        """Ids in the vendors' order (numeric ids by number)."""
        return self.cached("ids", lambda: sorted(self.rows, key=sort_key))

    def records(self) -> list[Record]:
        """Return the current records in id order."""
        return self.cached("records", lambda: [self.rows[key] for key in self.ids()])

    def cached(self, name: Any, build: Callable[[], _T]) -> _T:
        """Return what `build` answers, kept until this table changes."""
        found = self._cache.get(name)
        if found is None:
            found = self._cache[name] = build()
        return found

    def apply(self, version: _Version) -> None:
        """Let a version replace the current one, unless that one is newer."""
        if version.visible_ms < self._applied_ms.get(version.key, _ALWAYS):
            return
        self._applied_ms[version.key] = version.visible_ms
        if version.record is None:
            self.rows.pop(version.key, None)
        else:
            self.rows[version.key] = version.record
        self.generation += 1
        if self._cache:
            self._cache = {}

    def forget(self) -> None:
        """Start empty again (the clock was set back)."""
        self.rows, self._applied_ms, self._cache = {}, {}, {}
        self.generation += 1


class World:
    """Versions of all records and the clock.

    `World()` starts before all time: add everything, then `advance_to` the first moment to show.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._now_ms = _ALWAYS if now is None else to_ms(now)
        self._versions: list[_Version] = []
        self._is_sorted = True
        self._tables: dict[tuple[str, str], Table] = {}
        self._known: set[tuple[str, str]] = set()
        self.lock = threading.RLock()

    @property
    def now(self) -> datetime:
        """The clock, in UTC."""
        return datetime(1, 1, 1, tzinfo=UTC) if self._now_ms == _ALWAYS else from_ms(self._now_ms)

    @property
    def now_ms(self) -> int:
        """The clock in epoch milliseconds."""
        return self._now_ms

    def add(
        self, vendor: str, obj: str, record: Record, visible_at: datetime | None = None
    ) -> None:
        """Add one version of a record, in the JSON-lines format; the world owns it from now on.

        It is shown once the clock reaches `visible_at`, by default the record's own modification
        (Salesforce SystemModstamp, HubSpot updatedAt or archivedAt, …); at once when it has none.
        """
        if vendor not in VENDORS:
            raise ValueError(f"vendor {vendor!r} is unknown; use one of {', '.join(VENDORS)}")
        if vendor == "hubspot":
            obj = object_type(obj)
        key = key_of(vendor, obj, record)
        complete(vendor, obj, record)
        visible_ms = stamp_ms(vendor, obj, record) if visible_at is None else to_ms(visible_at)
        self._put(vendor, obj, key, record, self._now_ms if visible_ms is None else visible_ms)

    def purge(self, vendor: str, obj: str, key: str, visible_at: datetime | None = None) -> None:
        """Make a record vanish from every answer (a purge, a merge's loser, an edge removed)."""
        moment = self._now_ms if visible_at is None else to_ms(visible_at)
        self._put(vendor, obj, key, None, moment)

    def advance_to(self, now: datetime) -> None:
        """Move the clock. Setting it back shows the world as it was then."""
        target = to_ms(now)
        with self.lock:
            self._sort()
            if target < self._now_ms:
                for table in self._tables.values():
                    table.forget()
                start = 0
            else:
                start = self._visible_count(self._now_ms)
            for version in self._versions[start : self._visible_count(target)]:
                self.table(version.vendor, version.obj).apply(version)
            self._now_ms = target

    def table(self, vendor: str, obj: str) -> Table:
        """Current state of an object; empty when nothing of it is known."""
        found = self._tables.get((vendor, obj))
        if found is None:
            found = self._tables.setdefault((vendor, obj), Table())
        return found

    def objects(self, vendor: str) -> list[str]:
        """Names of the vendor's objects of which a version exists, shown already or not."""
        with self.lock:
            return sorted(obj for of_vendor, obj in self._known if of_vendor == vendor)

    def versions(self) -> Iterator[tuple[str, str, Record | None, int]]:
        """Every version in the order of the clock, as (vendor, object, record, visible_ms)."""
        with self.lock:
            self._sort()
            snapshot = list(self._versions)
        for version in snapshot:
            yield version.vendor, version.obj, version.record, version.visible_ms

    def _put(self, vendor: str, obj: str, key: str, record: Record | None, moment: int) -> None:
        with self.lock:
            version = _Version(moment, len(self._versions), vendor, obj, key, record)
            self._versions.append(version)
            self._is_sorted = False
            self._known.add((vendor, obj))
            table = self.table(vendor, obj)
            if moment <= self._now_ms and self._now_ms != _ALWAYS:
                table.apply(version)

    def _sort(self) -> None:
        if not self._is_sorted:
            self._versions.sort(key=lambda version: version[:2])
            self._is_sorted = True

    def _visible_count(self, moment: int) -> int:
        if moment == _ALWAYS:
            return 0
        return bisect_right(self._versions, moment, key=lambda version: version.visible_ms)
