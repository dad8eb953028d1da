"""Cards and rows that several pages share: the default period's numbers for their figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go

from dashboards import breakdowns
from dashboards.intervals import TOO_FEW
from dashboards.kinds import months
from dashboards.kinds.rates import Rate
from dashboards.payload import STAGES
from dashboards.report import Card
from dashboards.source_data import ALL, PageData
from dashboards.theme import source_colours

DEFAULT_PERIOD = "last_90_days"


def stage_rows(data: PageData) -> list[dict[str, Any]]:
    """The funnel of everybody."""
    found = {
        row["stage"]: row
        for row in data.funnel
        if row["period"] == DEFAULT_PERIOD
        and (row["segment"], row["region"], row["source"]) == (ALL, ALL, ALL)
    }
    nobody = {"reached": 0, "undecided": 0}
    return [{**found.get(slug, nobody), "label": text} for slug, text in STAGES]


def rate_rows(data: PageData, metric: str) -> list[Rate]:
    """A rate for all sources and for each, highest first."""
    rows = []
    for choice in data.sources:
        found = data.figure(metric, DEFAULT_PERIOD, source=choice.value)
        rows.append(Rate(choice.value, found.numerator or 0, found.denominator or 0))
    rows.sort(key=lambda row: -(row.hits / row.total if row.total >= TOO_FEW else -1))
    total = data.figure(metric, DEFAULT_PERIOD)
    return [Rate("All sources", total.numerator or 0, total.denominator or 0), *rows]


def range_rows(data: PageData, metric: str) -> list[dict[str, Any]]:
    """Median and middle half for all sources and for each that has enough."""
    found = [("All sources", data.figure(metric, DEFAULT_PERIOD))]
    found += [(c.value, data.figure(metric, DEFAULT_PERIOD, source=c.value)) for c in data.sources]
    return [
        {"label": name, "value": row.value, "p25": row.p25, "p75": row.p75}
        for name, row in found
        if row.n >= TOO_FEW and row.p25 is not None and row.p75 is not None
    ]


def source_steps(data: PageData) -> int:
    """Height of a card with a line for each source, in steps of 40 px."""
    return max(6, min(14, len(data.sources) + 2))


def breakdown_steps(breakdown: str) -> Callable[[PageData], int]:
    """Height of a card with a line a category: its longest list in the periods of a page."""

    def steps(data: PageData) -> int:
        lengths: dict[tuple[object, ...], int] = {}
        for row in breakdowns.rows_of(data, breakdown):
            lengths[row[:5]] = lengths.get(row[:5], 0) + 1
        return max(4, min(14, round(max(lengths.values(), default=4) * 0.8) + 1))

    return steps


def before(data: PageData, breakdown: str) -> dict[str, float]:
    """The categories of what the default period is compared with."""
    found = breakdowns.parts(data, breakdown, DEFAULT_PERIOD, "prior")
    return {part.category: part.numerator or 0 for part in found}


def now(data: PageData, breakdown: str) -> list[breakdowns.Part]:
    """The categories of the default period."""
    return breakdowns.parts(data, breakdown, DEFAULT_PERIOD)


def by_month(data: PageData) -> go.Figure:
    """Pipeline created a month, stacked by source."""
    amounts = {
        (row["source"], row["month"]): row["amount"]
        for row in data.pipeline_months
        if (row["segment"], row["region"]) == (ALL, ALL)
    }
    colours = source_colours((choice.value, choice.team) for choice in data.sources)
    series = [
        (c.value, colours[c.value], [amounts.get((c.value, month), 0) for month in data.months])
        for c in data.sources
    ]
    return months.figure(data.months, series, data.changes, data.run["currency"])


PIPELINE_BY_SOURCE = Card(
    "pipeline-by-source",
    "Where does pipeline come from?",
    "Pipeline created per month by source. Blues are marketing-sourced, oranges sales-sourced, "
    "greens partners, greys unknown",
    "months",
    figure=by_month,
    note="The last bar is **paler**: its month still runs. Dotted lines mark months in which a "
    "definition changed.",
    width="full",
    rows=lambda data: 9,
)
