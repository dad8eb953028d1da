"""Overview: are we building pipeline together?"""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import cards
from dashboards.kinds import rates, stages
from dashboards.report import Card, Report, Sentence, Tiles
from dashboards.source_data import PageData

SHARED = (
    "pipeline_created", "win_rate", "cycle_length",
    "sales_acceptance", "sla_met", "marketing_sourced_share",
)  # fmt: skip
CUSTOMERS = ("mqls", "mql_to_won", "won", "days_from_mql")


def how_far(data: PageData) -> go.Figure:
    """Leads by furthest stage."""
    return stages.figure(cards.stage_rows(data))


def conversion(data: PageData) -> go.Figure:
    """MQL to won, by source."""
    return rates.figure(cards.rate_rows(data, "mql_to_won"))


REPORT = Report(
    slug="overview",
    title="Overview",
    question="Are we building pipeline together?",
    intro="The numbers that marketing and sales are both measured on. "
    "Every figure follows the filters above.",
    order=1,
    answer=(
        Sentence(
            "{period}: {pipeline_created} of pipeline created{pipeline_created:change}.",
            needs="opportunities_created",
            otherwise="{period}: no pipeline was created.",
        ),
        Sentence(
            "Sales accepted {sales_acceptance:of} MQLs.",
            needs="sales_acceptance",
            otherwise="Sales has not decided on any MQL.",
        ),
        Sentence(
            "{win_rate:of} opportunities were won.",
            needs="win_rate",
            otherwise="No opportunity was closed.",
        ),
    ),
    tiles=(
        Tiles(SHARED),
        Tiles(CUSTOMERS, heading="From MQL to customer", small=True),
    ),
    cards=(
        Card(
            "funnel", "How far do leads get?",
            "People who became known in the period, by furthest stage reached so far", "stages",
            figure=how_far, rows=cards.source_steps,
            note="Pale bars are people **not yet decided**: a young cohort looks worse than it "
            "will end. Excluded and deleted people are counted on Data health.",
        ),
        Card(
            "conversion", "Which MQLs become customers?",
            "MQLs of the period that led to a won opportunity so far, with 95% Wilson interval",
            "rates", figure=conversion,
            options={"metric": "mql_to_won", "columns": ["mqls", "mql_to_won", "days_from_mql"]},
            note="Hollow: **fewer than 20 MQLs**. Under 10 only the count is given. A line that "
            "crosses the dotted one cannot be told from the average.",
            rows=cards.source_steps,
        ),
        cards.PIPELINE_BY_SOURCE,
    ),
    metrics=("amount_missing",),
)  # fmt: skip
