"""Words for a published figure that moved: as published, as now, and what each cause added.

A part of a rate is in percentage points, exact to the tenth; the counts behind it stand beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats, wording
from dashboards.glossary import Metric
from dashboards.source_data import Slice

SHARES = ("rate", "rate1", "money_share")
CAUSES = ("definition", "late_data", "ripening")
WORDS = {"definition": "a changed definition", "late_data": "late data"}


def level(metric: Metric, row: Mapping[str, Any], stage: str, currency: str) -> str:
    """The figure at a stage; a rate with the counts it rests on."""
    value, top, under = (row[f"{stage}_{part}"] for part in ("value", "numerator", "denominator"))
    if value is None:
        return formats.NOTHING
    shown = wording.short(metric, Slice(top, under, value), currency)
    if metric.unit not in SHARES or under is None:
        return shown
    write = formats.count
    if metric.unit == "money_share":
        return f"{shown} ({formats.money(top, currency)} of {formats.money(under, currency)})"
    return f"{shown} ({write(top)} of {write(under)})"


def part(metric: Metric, row: Mapping[str, Any], cause: str, currency: str) -> str:
    """What a cause added, with its sign; nothing is a dash."""
    if row["not_split_because"]:
        return "unknown"
    value, under = row[f"{cause}_value"], row[f"{cause}_denominator"]
    if not value:
        # A rate may stay while what it is a rate of does not.
        if metric.unit not in ("rate", "rate1") or not under:
            return formats.NOTHING
        return f"of {'+' if under > 0 else '−'}{formats.count(abs(under))}"
    if metric.unit in SHARES:
        size = f"{formats.half_up(abs(value) * 100, 1)} pts"
    else:
        size = wording.short(metric, Slice(value=abs(value)), currency)
    return f"{'+' if value > 0 else '−'}{size}"


def causes_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What moved a figure; a rate may have stayed while the counts under it did not."""
    return tuple(
        cause
        for cause in WORDS
        if any(row[f"{cause}_{part}"] for part in ("numerator", "denominator", "value"))
    )


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many figures moved, and why, in a sentence."""
    if not rows:
        return "No published figure of a closed month has moved."
    both = sum(len(causes_of(row)) == 2 for row in rows)
    parts = [
        f"{sum(causes_of(row) == (cause,) for row in rows)} by {word}"
        for cause, word in WORDS.items()
        if any(causes_of(row) == (cause,) for row in rows)
    ]
    parts += [f"{both} by both"] if both else []
    unsplit = sum(bool(row["not_split_because"]) for row in rows)
    parts += [f"{unsplit} for reasons that cannot be told apart"] if unsplit else []
    verb = "figure of a closed month has" if len(rows) == 1 else "figures of closed months have"
    return f"{len(rows)} published {verb} moved: {', '.join(parts)}."


def moves(
    rows: Sequence[Mapping[str, Any]], metrics: Mapping[str, Metric], currency: str
) -> list[dict[str, Any]]:
    """A group per release that moved anything, newest first, each with its figures in words.

    Within one in the order of the glossary, the shared figures first.
    """
    found: dict[str, dict[str, Any]] = {}
    order = {slug: place for place, slug in enumerate(metrics)}
    runs = {run: place for place, run in enumerate(dict.fromkeys(row["run_id"] for row in rows))}
    for row in sorted(rows, key=lambda row: (runs[row["run_id"]], order.get(row["metric"], 999))):
        metric = metrics.get(row["metric"]) or unknown(row["metric"])
        group = found.setdefault(row["run_id"], {**row, "figures": []})
        group["figures"].append(
            {
                **row,
                "title": metric.title,
                "published": level(metric, row, "published", currency),
                "now": level(metric, row, "now", currency),
                **{cause: part(metric, row, cause, currency) for cause in CAUSES},
            }
        )
    return list(found.values())


def unknown(slug: str) -> Metric:
    """A metric that the glossary does not have any more."""
    return Metric(slug, slug.replace("_", " ").capitalize(), "", "", "count", "", "none")
