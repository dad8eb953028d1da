"""A published figure: its key, its value, and which of them were final when they were published."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

# Metric, first day of the month (ISO), source (`All` among them).
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Figure:
    """A count or amount has no denominator, a median neither part."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None

    def is_like(self, other: Figure) -> bool:
        """Whether a reader would see the same."""
        return all(
            is_same(getattr(self, name), getattr(other, name))
            for name in ("numerator", "denominator", "value")
        )


NONE = Figure()


def is_same(one: float | None, other: float | None) -> bool:
    """Equal, but for the last bits of a sum."""
    if one is None or other is None:
        return (one or 0) == (other or 0)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def figures(lines: Iterable[Mapping[str, Any]]) -> dict[Key, Figure]:
    """The figures of a release's ledger."""
    return {
        (line["metric"], line["month"], line["source"]): Figure(
            line["numerator"], line["denominator"], line["value"]
        )
        for line in lines
        if line["kind"] == "figure"
    }


def first_open_month(as_of: datetime, zone: str) -> str:
    """The month that still ran at a moment (naive UTC): earlier ones were closed."""
    local = as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m}-01"


def moved(before: Mapping[Key, Figure], after: Mapping[Key, Figure], open_month: str) -> list[Key]:
    """Figures of closed months that are not what was published; growth of a running one is none."""
    return sorted(
        key
        for key in {*before, *after}
        if key[1] < open_month and not before.get(key, NONE).is_like(after.get(key, NONE))
    )
