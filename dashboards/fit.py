"""Rates, days and counts of a breakdown for the default choice, and shares in two directions: what
the pages ICP and Lost deals draw.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from dashboards import breakdowns, cards, grids
from dashboards.grids import Grid
from dashboards.intervals import TOO_FEW
from dashboards.kinds import bars, columns, ranges, rates
from dashboards.kinds.rates import Rate
from dashboards.kinds.rows import Column, Table
from dashboards.report import Card
from dashboards.source_data import PageData

# Lost deals are few: a year of them is read at once.
MATRIX_PERIOD = "last_12_months"


def rate_figure(data: PageData, breakdown: str, overall: str = "") -> go.Figure:
    """A dot and interval a category; with a metric, its value over all as the first row."""
    rows = [
        Rate(part.name, part.numerator or 0, part.denominator or 0)
        for part in cards.now(data, breakdown)
    ]
    if overall:
        total = data.figure(overall, cards.DEFAULT_PERIOD)
        rows.insert(0, Rate("All", total.numerator or 0, total.denominator or 0))
    return rates.figure(rows)


def range_figure(data: PageData, breakdown: str) -> go.Figure:
    """Median and middle half of the categories that have enough."""
    return ranges.figure(
        [
            {"label": part.name, "value": part.value, "p25": part.p25, "p75": part.p75}
            for part in cards.now(data, breakdown)
            if part.n >= TOO_FEW
        ]
    )


def bar_figure(data: PageData, breakdown: str) -> go.Figure:
    """Ranked bars with the period before."""
    described = breakdowns.about(data, breakdown)
    currency = data.run["currency"] if described.unit == "money" else None
    return bars.figure(cards.now(data, breakdown), cards.before(data, breakdown), currency=currency)


def column_figure(data: PageData, breakdown: str) -> go.Figure:
    """Standing bars in the order of the categories."""
    return columns.figure(cards.now(data, breakdown), cards.before(data, breakdown))


def named(data: PageData, sql: str, **asked: Any) -> Grid:
    """A grid whose columns are written as people say them."""
    found = grids.read(data, sql, **asked)
    found = grids.whole(found)
    return replace(found, columns=tuple(breakdowns.humane(name) for name in found.columns))


def reasons_by_source(data: PageData) -> Grid:
    """Of each source's lost deals, the share of each reason."""
    return named(data,
        "select reasons.source as row, reasons.category as column, reasons.segment, "
        "reasons.region, 'All' as source, reasons.numerator, totals.deals as denominator "
        "from marts.breakdown_slice as reasons inner join ("
        "select source, segment, region, sum(numerator) as deals from marts.breakdown_slice "
        "where breakdown = 'loss_reason' and period = ? and compare = 'current' "
        "group by 1, 2, 3) as totals using (source, segment, region) "
        "where reasons.breakdown = 'loss_reason' and reasons.period = ? "
        "and reasons.compare = 'current' and reasons.source <> 'All' "
        "order by max(case when reasons.segment = 'All' and reasons.region = 'All' then "
        "totals.deals end) over (partition by reasons.source) desc nulls last, reasons.source, "
        "sum(reasons.numerator) over (partition by reasons.category) desc, reasons.category",
        about="loss_reason", corner="Source", of="Lost", parameters=(MATRIX_PERIOD,) * 2,
    )  # fmt: skip


def reasons_by_tier(data: PageData) -> Grid:
    """Of the lost deals of each tier, the share of each reason."""
    return named(data,
        "select tier as row, loss_reason as column, segment, region, source, "
        "deals as numerator, lost as denominator from marts.lost_by_tier "
        "where period = ? order by tier_rank, reason_rank",
        about="loss_tier", corner="ICP fit", of="Lost", parameters=(MATRIX_PERIOD,),
    )  # fmt: skip


def problems(data: PageData) -> Table:
    """The problems that the ideal customer has, as both teams agreed to say them."""
    rows = [
        (breakdowns.humane(row["felt_by"]), row["problem"], row["said_as"], row["worth"])
        for row in data.rows(
            "select problem, felt_by, said_as, worth from marts.customer_problem "
            "order by felt_by, problem"
        )
    ]
    columns = (
        Column("Felt most by"), Column("Problem"), Column("Said as"), Column("What it costs"),
    )  # fmt: skip
    return Table(columns, rows, empty="No problem is agreed yet: fill the seed icp_problem.")


PROBLEMS = Card(
    "problems", "Which problem does the ideal customer have?",
    "What marketing writes about and sales asks for first, as both teams agreed", "rows",
    table=problems, width="full", rows=lambda data: 6,
    note="Both teams edit it by pull request, in the seed `icp_problem`.",
)  # fmt: skip
