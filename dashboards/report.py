"""What a page is: a question, the sentence that answers it, figures and cards.

A page is one module in `reports/` that says `REPORT = Report(...)`; its file, its place in the
navigation and its asset follow. Belongs here: the vocabulary of pages. Not here: how a page is
rendered (`site.py`) or where numbers come from (`slices.py`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from dashboards.source_data import PageData


@dataclass(frozen=True)
class Sentence:
    """Part of the answer under a title.

    Tokens: `{period}`, `{win_rate}` (the figure), `{win_rate:change}` (against what is compared),
    `{win_rate:of}` (the figure and of how many). Without data for `needs` it says `otherwise`;
    with too few records for a rate or a median it says `few`, when that is given.
    """

    text: str
    needs: str
    otherwise: str = ""
    few: str = ""


@dataclass(frozen=True)
class Tiles:
    """A row of figures under one heading; the heading may stay empty."""

    metrics: tuple[str, ...]
    heading: str = ""
    small: bool = False


@dataclass(frozen=True)
class Card:
    """A chart or table that answers one question.

    `kind` names how its numbers are swapped when a filter changes: stages, rates, ranges, months
    or table. `rows`: its height in steps of 40 px, known before it is drawn so nothing jumps.
    """

    id: str
    title: str
    subtitle: str
    kind: str
    figure: Callable[[PageData], go.Figure] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    width: str = "half"
    rows: Callable[[PageData], int] = lambda data: 8


@dataclass(frozen=True)
class Report:
    """One page of the site."""

    slug: str
    title: str
    question: str
    intro: str
    order: int
    answer: tuple[Sentence, ...] = ()
    tiles: tuple[Tiles, ...] = ()
    cards: tuple[Card, ...] = ()
    metrics: tuple[str, ...] = ()
    has_filters: bool = True
    template: str = "report.html"
    # What a page of its own template needs beside the above.
    content: Callable[[PageData], Mapping[str, Any]] = lambda data: {}

    @property
    def file(self) -> str:
        """Name of the page's file."""
        return f"{self.slug}.html"


@cache
def reports() -> tuple[Report, ...]:
    """Every page, in the order of the navigation."""
    package = importlib.import_module("dashboards.reports")
    found = [
        importlib.import_module(f"dashboards.reports.{module.name}").REPORT
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return tuple(sorted(found, key=lambda report: (report.order, report.slug)))
