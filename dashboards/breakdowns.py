"""What stands behind a figure, by category: read from `marts.breakdown_slice`, packed for a page.

Each number comes from the mart, the running total and the order of the categories too; the browser
looks them up. Belongs here: reading and packing breakdowns. Not here: drawing them (`kinds/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards.glossary import Metric
from dashboards.kept import LADDER, Kept
from dashboards.labels import clean, label
from dashboards.nested import beyond
from dashboards.payload import (
    NESTED,
    Places,
    TooManySlices,
    differences,
    number,
    once,
)
from dashboards.source_data import ALL, LAST, PageData

# A page stays small: more numbers than this in one breakdown fail the build.
MOST_CELLS = 45_000
_SHARED_WORDS = {"icp": "ICP", "mql": "MQL", "sal": "SAL", "sla": "SLA", "crm": "CRM", "no": "No"}


@dataclass(frozen=True)
class Part:
    """One category of a breakdown, for one choice of period, segment, region and source."""

    category: str
    numerator: float | None
    denominator: float | None
    value: float | None
    p25: float | None
    p75: float | None
    cumulative: float | None
    n: int
    is_gap: bool = False

    @property
    def name(self) -> str:
        """The category as people say it."""
        return humane(self.category)


def humane(category: str) -> str:
    """`no_response` becomes `No response`; anything else is left as it was written."""
    if not re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", category):
        return clean(category)
    words = [_SHARED_WORDS.get(word, word) for word in category.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def parts(
    data: PageData, breakdown: str, period: str, compare: str = "current", **chosen: str
) -> list[Part]:
    """The categories of a breakdown in the order in which they are drawn."""
    place = (period, compare, *(chosen.get(name, ALL) for name in ("segment", "region", "source")))
    gaps = gaps_of(about(data, breakdown))
    found = (Part(*row[5:]) for row in rows_of(data, breakdown) if row[:5] == place)
    return [replace(part, is_gap=part.category in gaps) for part in found]


def about(data: PageData, breakdown: str) -> Metric:
    """What the breakdown means."""
    known = data.glossary.breakdowns
    if breakdown not in known:
        raise KeyError(
            f"breakdown {breakdown!r} is not described in dbt_project/models/marts/"
            f"breakdown_slice.yml (config.meta.breakdowns); described are {', '.join(known)}"
        )
    return known[breakdown]


def gaps_of(described: Metric) -> frozenset[str]:
    """Categories that say that something was not given."""
    return frozenset((*described.gaps, *LAST))


def rows_of(data: PageData, breakdown: str) -> list[tuple[Any, ...]]:
    """All rows of a breakdown: place first, numbers after it, in the order of their positions."""
    return data.once(
        f"breakdown {breakdown}",
        lambda: data.con.execute(
            "select period, compare, segment, region, source, category, numerator, denominator, "
            "value, p25, p75, cumulative, n from marts.breakdown_slice where breakdown = ? "
            "order by period, compare, segment, region, source, position",
            [breakdown],
        ).fetchall(),
    )


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "count": ("num", "cum"),
    "money": ("num", "cum", "n"),
    "rate": ("num", "den"),
    "rate1": ("num", "den"),
    "days": ("value", "p25", "p75", "n"),
}


def packed(
    data: PageData, wanted: Iterable[str], places: Places, *, kept: Kept = LADDER[0]
) -> dict[str, Any]:
    """Breakdowns by slug: places as differences, beside them how many categories each has, and the
    numbers of these one after the other. `kept`: which choices the page can carry. Lists that
    another breakdown of the page has too are named instead of shipped again.
    """
    shipped: dict[bytes, str] = {}
    found = {slug: _packed(data, slug, places, kept) for slug in wanted}
    return {
        slug: {
            name: values if name == "categories" else once(values, f"{slug}.{name}", shipped)
            for name, values in lists.items()
        }
        for slug, lists in found.items()
    }


def _packed(data: PageData, slug: str, places: Places, kept: Kept) -> dict[str, Any]:
    described = about(data, slug)
    by_place: dict[int, list[Part]] = {}
    for period, compare, segment, region, source, *numbers in rows_of(data, slug):
        chosen = (segment, region, source)
        if not kept.holds(compare, chosen, of_parts=True):
            continue
        part = Part(*numbers)
        by_place.setdefault(places.of(period, compare, *chosen), []).append(part)
    keys = sorted(by_place)
    flat = [part for key in keys for part in by_place[key]]
    if len(flat) > MOST_CELLS:
        raise TooManySlices(
            f"breakdown {slug}: {len(flat):,} numbers, more than {MOST_CELLS:,}: lower "
            "`shown_categories` in dbt_project/models/marts/breakdown_slice.sql or `shown_sources` "
            "in dbt_project/models/intermediate/int_source_shown.sql"
        )
    gaps = gaps_of(described)
    names = list(dict.fromkeys(part.category for part in sorted(flat, key=lambda one: -one.n)))
    order = {name: place for place, name in enumerate(names)}
    whole = {key: [_whole(part.numerator) or 0 for part in by_place[key]] for key in keys}
    columns: dict[str, list[Any]] = {
        # Cents would be weight without a reader.
        "num": [value for key in keys for value in whole[key]],
        "den": [number(part.denominator) or 0 for part in flat],
        "cum": [value for key in keys for value in _beyond(by_place[key], whole[key])],
        "n": [part.n for part in flat],
        "value": [number(part.value) for part in flat],
        "p25": [number(part.p25) for part in flat],
        "p75": [number(part.p75) for part in flat],
    }
    cells = [key for key in keys for _ in by_place[key]]
    category = [order[part.category] for part in flat]
    return {
        "categories": [_category(name, name in gaps) for name in names],
        "keys": differences(keys),
        "counts": [len(by_place[key]) for key in keys],
        "category": category,
        **{
            name: beyond(cells, columns[name], places.sizes, category)
            if name in NESTED
            else columns[name]
            for name in _COLUMNS[described.unit]
        },
    }


def _beyond(found: Sequence[Part], shipped: Sequence[int]) -> list[int]:
    """The running total of each category less what the browser can tell from the numbers that it is
    given anyway: nothing but what rounding did, which packs to almost nothing.
    """
    totals = [_whole(part.cumulative) or 0 for part in found]
    return [
        total - before - number
        for total, before, number in zip(totals, [0, *totals], shipped, strict=False)
    ]


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _category(name: str, is_gap: bool) -> dict[str, Any]:
    shown = humane(name)
    entry: dict[str, Any] = {"label": shown}
    if label(shown) != shown:
        entry["plot"] = label(shown)
    if is_gap:
        entry["gap"] = True
    return entry
