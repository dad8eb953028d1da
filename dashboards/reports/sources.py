"""Sources: what wins, how fast, how sure?"""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import cards
from dashboards import cards_of_sources as more
from dashboards.kinds import ranges, rates
from dashboards.report import Card, Report, Sentence
from dashboards.source_data import PageData

COLUMNS = (
    "mqls", "sales_acceptance", "opportunities_created", "pipeline_created",
    "won", "won_amount", "win_rate", "cycle_length", "cycle_length_lost",
)  # fmt: skip


def wins(data: PageData) -> go.Figure:
    """Win rate by source."""
    return rates.figure(cards.rate_rows(data, "win_rate"))


def cycles(data: PageData) -> go.Figure:
    """Cycle length by source."""
    return ranges.figure(cards.range_rows(data, "cycle_length"))


REPORT = Report(
    slug="sources",
    title="Sources",
    question="What wins, how fast, and how sure can we be?",
    intro="Win rate and cycle length are shared by both teams: the source sets the odds, the "
    "handling decides the deal.",
    order=2,
    answer=(
        Sentence(
            "{period}: {win_rate:of} opportunities were won{win_rate:change}.",
            needs="win_rate",
            otherwise="{period}: no opportunity was closed.",
        ),
        Sentence(
            "A win took {cycle_length} in the median.",
            needs="cycle_length",
            few="Too few deals were won for a median length ({cycle_length}).",
        ),
    ),
    cards=(
        Card(
            "win-rate", "Which sources win?",
            "Opportunities closed in the period: won ÷ (won + lost), with 95% Wilson interval",
            "rates", figure=wins,
            options={"metric": "win_rate", "columns": ["win_rate", "won", "won_amount"]},
            note="Hollow: **fewer than 20 closed deals**. Under 10 only the count is given. A line "
            "that crosses the dotted one cannot be told from the average.",
            width="wide", rows=cards.source_steps,
        ),
        Card(
            "cycle", "How long does a win take?",
            "Days from accepted into pipeline to won: median, and the middle half of deals",
            "ranges", figure=cycles,
            options={"metric": "cycle_length", "columns": ["cycle_length"]},
            note="Sources with fewer than **10 won deals** are named without a bar.",
            width="narrow", rows=cards.source_steps,
        ),
        Card(
            "performance", "What does each source bring?",
            "Sourced once, when it enters the pipeline; the sources add up to the total",
            "table", options={"columns": list(COLUMNS)}, width="full",
        ),
        more.PIPELINE_BY_CAMPAIGN, more.WON_BY_CAMPAIGN, more.ATTRIBUTION,
        more.COHORT_TABLE, more.CONVERSION, cards.PIPELINE_BY_SOURCE,
    ),
    metrics=(*COLUMNS, "amount_missing"),
)  # fmt: skip
