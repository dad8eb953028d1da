"""Kind `rows`: a plain table that Python makes from a mart; it does not follow the filters.

A page gives the card `table=`, a function from the page's data to a `Table`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboards import formats
from dashboards.intervals import FEW, TOO_FEW
from dashboards.labels import clean

UNITS = ("text", "count", "money", "share", "days", "date", "rate", "change", "link")


@dataclass(frozen=True)
class Link:
    """A cell that leads into the CRM; the address comes from `crm.address`."""

    text: str
    address: str


@dataclass(frozen=True)
class Column:
    """A column: its title, its unit, and the metric or breakdown under which its figures are found.

    A cell of `rate` is (numerator, denominator) and follows the rule for few records; a `change` is
    a count more or less, with arrow and word.
    """

    title: str
    unit: str = "text"
    metric: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"column {self.title!r}: unit {self.unit!r} is none of {UNITS}")


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown, with its raw value."""

    text: str
    raw: Any
    is_text: bool = False
    is_weak: bool = False
    metric: str = ""
    address: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows; without rows the card says `empty`.

    `places`: slugs of segment, region and source of each row, for a table that follows them.
    `foot`: what the note under it says of the rows.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    empty: str = "Nothing here."
    places: Sequence[Mapping[str, str]] = ()
    foot: str = ""

    def shown(self, currency: str) -> list[list[Shown]]:
        """Every cell as text."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row has {len(row)} cells for {len(self.columns)} columns")
        return [
            [_shown(column, value, currency) for column, value in zip(self.columns, row,
                                                                      strict=True)]
            for row in self.rows
        ]  # fmt: skip


def _shown(column: Column, value: Any, currency: str) -> Shown:
    if column.unit == "text":
        text = formats.NOTHING if value is None else clean(value)
        return Shown(text, "" if value is None else clean(value), is_text=True)
    if column.unit == "link":
        return Shown(clean(value.text), value.address, is_text=True, address=value.address)
    if column.unit == "rate":
        return _rate(column, value)
    if value is None:
        return Shown(formats.NOTHING, "", metric=column.metric)
    if column.unit == "date":
        day = value.date() if isinstance(value, datetime) else value
        assert isinstance(day, date)
        return Shown(formats.day(day), day.isoformat(), is_text=True)
    if column.unit == "change":
        word = "no change" if not value else f"{'▲' if value > 0 else '▼'} {abs(value):,}"
        return Shown(f"{word} {'more' if value > 0 else 'fewer'}" if value else word, value)
    text = {
        "count": lambda: formats.count(value),
        "money": lambda: formats.money(value, currency),
        "share": lambda: formats.percent(value),
        "days": lambda: formats.days(value),
    }[column.unit]()
    return Shown(text, float(value) if not isinstance(value, int) else value, metric=column.metric)


def _rate(column: Column, value: tuple[float, float] | None) -> Shown:
    hits, total = value or (0, 0)
    if not total:
        return Shown(formats.NOTHING, "", metric=column.metric)
    of = f"{formats.count(hits)} of {formats.count(total)}"
    if total < TOO_FEW:
        return Shown(of, hits / total, is_weak=True, metric=column.metric)
    shown = f"{formats.percent(hits / total)} ({of})"
    return Shown(shown, hits / total, is_weak=total < FEW, metric=column.metric)
