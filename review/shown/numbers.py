"""How a figure of a report, its change and a group are written. A withheld one says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboards import formats
from review.shown.document import Cell, Strong

WITHHELD = "fewer than 5"
UNCHANGED = "unchanged"
TOO_FEW = 10


def currency_of(report: Mapping[str, Any]) -> str:
    """The reporting currency; anything else than a code is not repeated."""
    given = str((report.get("run") or {}).get("currency", ""))
    return given if re.fullmatch(r"[A-Z]{3}", given) else "USD"


def figure(row: Mapping[str, Any], side: str, currency: str) -> str:
    """A figure of one side."""
    if row.get("is_withheld"):
        return WITHHELD
    value = row[side]
    if row["unit"] == "rate":
        hits, total = row[f"{side}_of"]
        if total < TOO_FEW:
            return f"{formats.count(hits)} of {formats.count(total)}"
        return formats.percent(value, 1)
    return formats.money(value, currency) if row["unit"] == "money" else formats.count(value)


def difference(row: Mapping[str, Any], currency: str) -> Cell:
    """What moved, in the figure's own unit."""
    if row.get("is_withheld"):
        return WITHHELD
    if not row["moved"]:
        return UNCHANGED
    base, head = row["base"], row["head"]
    if row.get("is_invariant"):
        return (Strong("CHANGED"), f" {signed(formats.count(abs(head - base)), head - base)}")
    if row["unit"] == "rate":
        if base is None or head is None or min(row["base_of"][1], row["head_of"][1]) < TOO_FEW:
            return "too few to compare"
        points = (head - base) * 100
        if formats.half_up(points, 1) == 0:
            return "other cases, same rate"
        shown = f"{formats.half_up(abs(points), 1)} points"
        return signed(shown, points)
    gap = abs(head - base)
    shown = formats.money(gap, currency) if row["unit"] == "money" else formats.count(gap)
    relative = f" ({signed(formats.percent(gap / base, 1), head - base)})" if base else ""
    return signed(shown, head - base) + relative


def signed(shown: str, value: float) -> str:
    """With its sign."""
    return f"{'+' if value > 0 else '−'}{shown}"


def target(row: Mapping[str, Any], side: str, currency: str) -> str:
    """What was reached of a target, and how much of it that is."""
    value, share = row[side], row[f"{side}_share"]
    shown = amount(value, row["unit"], currency)
    return f"{shown} ({formats.percent(share)})" if share is not None else shown


def promised(row: Mapping[str, Any], currency: str) -> str:
    """A target, and what it becomes if the change is to the target itself."""
    before, after = (
        amount(row[f"{side}_target"], row["unit"], currency) for side in ("base", "head")
    )
    return before if row["base_target"] == row["head_target"] else f"{before} → {after}"


def amount(value: float | None, unit: str, currency: str) -> str:
    """A number in the unit of its target, or of its figure on the pages."""
    if unit in ("currency", "money"):
        return formats.money(value, currency)
    if unit in ("share", "rate", "rate1", "money_share"):
        return formats.percent(value, 1)
    if unit in ("days", "minutes"):
        return formats.duration(unit, value)
    return formats.count(value)


def quarter(text: str) -> str:
    """Q2 2026, by the month in which it begins."""
    start = date.fromisoformat(text)
    if start.month in (1, 4, 7, 10):
        return f"Q{(start.month + 2) // 3} {start.year}"
    return f"from {formats.day(start)}"


def group(value: Any) -> str:
    """A count of a group."""
    return WITHHELD if value is None else formats.count(value)


def with_interval(row: Mapping[str, Any], name: str, hits: str, total: str) -> str:
    """A rate of a group with its 95 % interval; of fewer than ten only the count."""
    if row.get("is_withheld"):
        return WITHHELD
    if name not in row:
        return formats.NOTHING
    counted = f"{formats.count(row[hits])} of {formats.count(row[total])}"
    if row[total] < TOO_FEW:
        return counted
    low, high = (formats.half_up(end * 100) for end in row[f"{name}_interval"])
    return f"{formats.percent(row[name])} ({low}–{high}%), {counted}"
