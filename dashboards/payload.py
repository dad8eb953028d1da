"""The numbers of a page, packed for the browser, which looks up what dbt computed for each choice.

A slice's place is one number (window, segment, region, source); places are shipped once, as
differences, and each number of a metric is a list beside them. Belongs here: packing and the safe
way into the page. Not here: queries (`source_data.py`), drawing (`static/`), which choices a heavy
page keeps (`kept.py`), how wide choices are made small (`nested.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from dashboards.kept import LADDER, Kept
from dashboards.labels import label
from dashboards.nested import Sizes, beyond
from dashboards.source_data import ALL, Choice, PageData, Slice

COMPARES = ("current", "prior", "year_ago")
STAGES = (("lead", "Leads"), ("mql", "MQL"), ("sal", "SAL"), ("opportunity", "Opportunity"),
          ("won", "Won"))  # fmt: skip
# A page stays small: more slices than this fail the build, which then names what to shorten.
MOST_SLICES = 12_000
# Nobody finds theirs in a longer list, and no chart has room for more lines.
MOST_CHOICES = 60
# What mostly adds up; a median is shipped as it is.
NESTED = ("num", "den", "n")
SHORTEN = (
    "lower `shown_sources` in dbt_project/models/intermediate/int_source_shown.sql, or map regions "
    "to fewer names in the country seed"
)
_ESCAPES = {
    "&": "\\u0026",
    "<": "\\u003c",
    ">": "\\u003e",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


class TooManySlices(Exception):
    """The page would be too heavy for its readers."""


def to_script(payload: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = orjson.dumps(payload, option=orjson.OPT_NON_STR_KEYS).decode()
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def dimensions(data: PageData) -> dict[str, Any]:
    """What can be chosen in each filter, in the order of the places."""
    for name, choices in data.choices.items():
        if len(choices) > MOST_CHOICES:
            raise TooManySlices(
                f"{len(choices) - 1:,} {name}s to choose from, more than {MOST_CHOICES}: {SHORTEN}"
            )
    periods = [
        {
            "slug": period["period"],
            "label": period["label"],
            "starts": period["starts_on"].isoformat(),
            "ends": period["ends_on"].isoformat(),
            "partial": period["is_partial"],
            "compares": {
                name: {
                    "label": other["label"],
                    "starts": other["starts_on"].isoformat(),
                    "ends": other["ends_on"].isoformat(),
                }
                for name, other in period["compares"].items()
            },
        }
        for period in data.periods
    ]
    return {
        "period": periods,
        **{name: [_choice(c) for c in choices] for name, choices in data.choices.items()},
    }


def _choice(choice: Choice) -> dict[str, Any]:
    entry = {"slug": choice.slug, "label": choice.label, "value": choice.label}
    if choice.team:
        entry["team"] = choice.team
    safe = label(choice.value)
    if safe != choice.label:
        entry["plot"] = safe
    return entry


class Places:
    """Gives each (period, compare, segment, region, source) its number."""

    def __init__(self, data: PageData) -> None:
        names = data.choices
        self._windows = {
            (period["period"], compare): row * len(COMPARES) + column
            for row, period in enumerate(data.periods)
            for column, compare in enumerate(COMPARES)
        }
        self._segments, self._regions, self._sources = (
            {choice.value: number for number, choice in enumerate(names[name])}
            for name in ("segment", "region", "source")
        )

    @property
    def sizes(self) -> Sizes:
        """How many entries each filter has."""
        return len(self._segments), len(self._regions), len(self._sources)

    def of(self, period: str, compare: str, segment: str, region: str, source: str) -> int:
        """The place, by mixed radix."""
        place = self._windows[(period, compare)]
        for known, value in (
            (self._segments, segment), (self._regions, region), (self._sources, source),
        ):  # fmt: skip
            place = place * len(known) + known[value]
        return place


def slices(
    data: PageData,
    metrics: Iterable[str],
    places: Places,
    *,
    spread: Iterable[str] = (),
    kept: Kept = LADDER[0],
) -> dict[str, Any]:
    """Places and, beside them, each number of each metric.

    `spread`: metrics whose middle half is shown. `kept`: which choices the page can carry.
    """
    wanted, wide = set(metrics), set(spread)
    found: dict[str, dict[int, Slice]] = {metric: {} for metric in wanted}
    for (metric, *place), numbers in data.slices.items():
        _, compare, *chosen = place
        if not kept.holds(compare, chosen):
            continue
        if metric in wanted:
            found[metric][places.of(*place)] = numbers
    keys = sorted({place for by_place in found.values() for place in by_place})
    if len(keys) > MOST_SLICES:
        raise TooManySlices(
            f"{len(keys):,} combinations of period, segment, region and source, more than "
            f"{MOST_SLICES:,}: {SHORTEN}"
        )
    columns: dict[str, Any] = {}
    shipped: dict[bytes, str] = {}
    for metric in sorted(wanted):
        by_place = found[metric]
        unit = data.glossary.metrics[metric].unit
        rows = [by_place.get(key, Slice()) for key in keys]
        for name, given in _numbers(unit, rows, metric in wide).items():
            values = beyond(keys, given, places.sizes) if name in NESTED else given
            column = f"{metric}.{name}"
            columns[column] = once(values, column, shipped)
    return {"keys": differences(keys), "columns": columns}


def once(values: list[Any], name: str, shipped: dict[bytes, str]) -> list[Any] | str:
    """A list, or the name of the same one that was shipped before. `shipped`: names by content."""
    first = shipped.setdefault(orjson.dumps(values), name)
    return values if first == name else first


def _numbers(unit: str, rows: Sequence[Slice], is_wide: bool) -> dict[str, list[Any]]:
    if unit in ("days", "minutes"):
        return {
            "n": [row.n for row in rows],
            **{
                name: [number(getattr(row, name)) for row in rows]
                for name in (("value", "p25", "p75") if is_wide else ("value",))
            },
        }
    # Money as whole cents, so that adding loses nothing.
    fine = 100 if unit in ("money", "money_share") else 1
    found = {"num": [_fine(row.numerator, fine) for row in rows]}
    if unit in ("money", "money_share"):
        found["n"] = [row.n for row in rows]
    if unit in ("rate", "rate1", "money_share"):
        found["den"] = [_fine(row.denominator, fine) for row in rows]
    return found


def _fine(value: float | None, fine: int) -> float | int:
    found = number(value) or 0
    return found if fine == 1 else round(found * fine)


def number(value: float | None) -> float | int | None:
    """Whole numbers without `.0`; never nan or infinity."""
    if value is None:
        return None
    if not math.isfinite(value):
        raise ValueError(f"{value} is no figure: a denominator of 0 was not guarded in a mart")
    return int(value) if float(value).is_integer() else value


def differences(keys: Sequence[int]) -> list[int]:
    """Each number less the one before: small numbers, which pack well."""
    return [key - before for key, before in zip(keys, [0, *keys], strict=False)]


def funnel(data: PageData, places: Places) -> dict[str, Any]:
    """Reached, undecided and skipped by stage, in the places of the current periods."""
    order = {stage: number for number, (stage, _) in enumerate(STAGES)}
    found: dict[int, list[list[int]]] = {}
    for row in data.funnel:
        place = places.of(row["period"], "current", row["segment"], row["region"], row["source"])
        numbers = found.setdefault(place, [[0] * len(STAGES) for _ in range(3)])
        for line, name in enumerate(("reached", "undecided", "skipped")):
            numbers[line][order[row["stage"]]] = row[name]
    keys = sorted(found)
    cells = [key for key in keys for _ in STAGES]
    stages = [stage for _ in keys for stage in range(len(STAGES))]
    return {
        "stages": [{"slug": slug, "label": text} for slug, text in STAGES],
        "keys": differences(keys),
        **{
            name: beyond(
                cells,
                [value for key in keys for value in found[key][line]],
                places.sizes,
                stages,
            )
            for line, name in enumerate(("reached", "undecided", "skipped"))
        },
    }


def months(data: PageData) -> dict[str, Any]:
    """Pipeline created: for each segment and region, a list of months a source, in whole units."""
    months_known = {month: number for number, month in enumerate(data.months)}
    order = {choice.value: number for number, choice in enumerate(data.sources)}
    place = {
        name: {c.value: number for number, c in enumerate(data.choices[name])}
        for name in ("segment", "region")
    }
    found: dict[str, dict[int, list[float]]] = {}
    for row in data.pipeline_months:
        slot = f"{place['segment'][row['segment']]}.{place['region'][row['region']]}"
        line = found.setdefault(slot, {}).setdefault(order[row["source"]], [0] * len(months_known))
        line[months_known[row["month"]]] = round(row["amount"])
    return {"months": [month.isoformat() for month in data.months], "amounts": found}


def trend(data: PageData, metrics: Iterable[str]) -> dict[str, Any]:
    """What sparklines draw: per metric and dimension entry, 13 months (four digits suffice)."""
    calendar = data.trend_months
    found: dict[str, dict[str, list[Any]]] = {}
    wanted = set(metrics)
    slug_of = {(name, c.value): c.slug for name, choices in data.choices.items() for c in choices}
    for (metric, segment, region, source), values in data.trend.items():
        if metric not in wanted:
            continue
        chosen = [
            f"{name}:{slug_of[(name, value)]}"
            for name, value in (("segment", segment), ("region", region), ("source", source))
            if value != ALL and (name, value) in slug_of
        ]
        line = [_four_digits(values.get(month)) for month in calendar]
        found.setdefault(metric, {})[chosen[0] if chosen else "all"] = line
    return {"months": [month.isoformat() for month in calendar], "lines": found}


def _four_digits(value: float | None) -> float | int | None:
    return None if value is None else number(float(f"{value:.4g}"))


def iso(value: date | None) -> str | None:
    """Dates and times as text."""
    return None if value is None else value.isoformat()
