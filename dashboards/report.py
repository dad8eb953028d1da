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
    from dashboards.grids import Grid
    from dashboards.kinds.rows import Table
    from dashboards.source_data import PageData


@dataclass(frozen=True)
class Sentence:
    """Part of the answer under a title.

    Tokens: `{period}`, `{win_rate}` (the figure), `{win_rate:change}` (against what is compared),
    `{win_rate:of}` (the figure and of how many), `{loss_reason:top}` (the first category of a
    breakdown), `{loss_reason:share}` (its share). Without data for `needs`, a metric or a
    breakdown, it says `otherwise`; with too few records for a rate or a median it says `few`, when
    that is given.
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

    `kind` is a module of `kinds/`, which says what `options` it takes, and its twin in
    `static/7_kinds/`. `figure` draws it for the default choice; kinds `matrix` and `lines` take a
    `grid`, kind `rows` a `table`. `rows`: its height in steps of 40 px, known before it is drawn so
    nothing jumps. `about`: the metric or breakdown explained in its popover; without it the one of
    its options, or none.
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
    grid: Callable[[PageData], Grid] | None = None
    table: Callable[[PageData], Table] | None = None
    about: str = ""

    @property
    def is_table(self) -> bool:
        """Whether the card is a table and has no chart."""
        return self.kind in ("table", "matrix", "rows", "records")

    @property
    def subject(self) -> str:
        """The metric or breakdown that its popover explains."""
        return self.about or str(self.options.get("breakdown") or self.options.get("metric") or "")


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
    def has_charts(self) -> bool:
        """Whether anything is drawn: a page of tables does without Plotly, its largest part."""
        return any(card.figure for card in self.cards)

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
