"""What the local CRM really holds, and whether what a client tells of it is the same.

Taken from the world itself, past every API: text must be equal to the letter, numbers, times and
booleans in value, whatever form a client gives them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from connectors.sandbox.timestamps import to_ms
from connectors.sandbox.world import World

Record = dict[str, Any]
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMPTY = (None, "")


def same(told: Any, kept: Any) -> bool:
    """Whether a told value is the kept one."""
    if told in _EMPTY or kept in _EMPTY:
        return told in _EMPTY and kept in _EMPTY
    if isinstance(kept, bool) or isinstance(told, bool):
        return str(told).lower() == str(kept).lower()
    if isinstance(told, str) and isinstance(kept, str):
        return told == kept or _same_time(told, kept)
    if isinstance(told, int | float) or isinstance(kept, int | float):
        try:
            return float(told) == float(kept)
        except (TypeError, ValueError):
            return False
    return told == kept


def _same_time(told: str, kept: str) -> bool:
    # Ids and other digits are text: a time is recognised by its form on both sides. There are
    # readers that turn a date into its midnight.
    if _DATE.fullmatch(kept):
        kept += "T00:00:00Z"
    if not (_TIME.match(told) and _TIME.match(kept)):
        return False
    return to_ms(_iso(told)) == to_ms(_iso(kept))


def _iso(text: str) -> str:
    text = text.replace(" ", "T", 1)
    return re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text)


def salesforce(world: World, obj: str, *, deleted: bool) -> dict[str, Record]:
    """Return records by id, with what the vendor works out itself."""
    rows = {}
    for key, row in world.table("salesforce", obj).rows.items():
        if not deleted and row.get("IsDeleted"):
            continue
        rows[key] = dict(row)
        if row.get("LastName") and not row.get("Name") and obj in ("Lead", "Contact", "User"):
            parts = (row.get("FirstName"), row.get("LastName"))
            rows[key]["Name"] = " ".join(part for part in parts if part)
    return rows


def hubspot(world: World, obj: str, *, archived: bool | None = False) -> dict[str, Record]:
    """Return records by id: living, archived, or (None) both."""
    return {
        key: row
        for key, row in world.table("hubspot", obj).rows.items()
        if archived is None or bool(row.get("archived")) is archived
    }


def history(world: World, obj: str, names: Iterable[str] | None = None) -> Counter:
    """Count the living records' (id, property, value, time in ms) up to the clock."""
    return Counter(
        (key, name, entry["value"] or "", to_ms(entry["timestamp"]))
        for key, row in hubspot(world, obj).items()
        for name, entries in (row.get("propertiesWithHistory") or {}).items()
        if names is None or name in names
        for entry in entries
        if to_ms(entry["timestamp"]) <= world.now_ms
    )


def edges(world: World, start: str, end: str) -> set[tuple[str, str]]:
    """Return the pairs of living records that are associated, in whichever direction given."""
    pairs = set()
    for row in world.table("hubspot", "associations").rows.values():
        left = (row["fromObjectType"], row["fromObjectId"])
        right = (row["toObjectType"], row["toObjectId"])
        for one, other in ((left, right), (right, left)):
            if (one[0], other[0]) == (start, end):
                pairs.add((one[1], other[1]))
    alive = {obj: hubspot(world, obj) for obj in (start, end)}
    return {pair for pair in pairs if pair[0] in alive[start] and pair[1] in alive[end]}


def agree(
    told: list[Record],
    kept: Mapping[str, Record],
    *,
    key: str = "Id",
    values: Callable[[Record], Record] = lambda record: record,
    hidden: Iterable[str] = (),
) -> list[str]:
    """Return the differences between told records and kept ones, at most twenty.

    Every field that is told must be right, and every kept field that has a value must be told,
    `hidden` ones apart.
    """
    ids = Counter(str(record[key]) for record in told)
    wrong = [f"{one} came {count} times" for one, count in ids.items() if count > 1]
    wrong += [f"{one} is missing" for one in kept.keys() - ids.keys()]
    wrong += [f"{one} is not there" for one in ids.keys() - kept.keys()]
    unseen = set(hidden)
    for record in told:
        true = kept.get(str(record[key]))
        if true is None:
            continue
        said = values(record)
        for name, value in said.items():
            ours = true.get(name)
            # A boolean that was never set is false, and nobody tells it apart.
            if not same(value, ours) and not (ours is None and value in (False, "false")):
                wrong.append(f"{record[key]}.{name}: told {value!r}, is {ours!r}")
        untold = {name for name, value in true.items() if value not in _EMPTY} - said.keys()
        wrong += [f"{record[key]}.{name} is not told" for name in untold - unseen]
    return wrong[:20]
