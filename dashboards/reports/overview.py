"""Overview: are we building pipeline together?"""

from __future__ import annotations

from dashboards import cards
from dashboards import cards_of_overview as own
from dashboards.report import Report, Sentence, Tiles

SHARED = (
    "pipeline_created", "win_rate", "cycle_length",
    "sales_acceptance", "sla_met", "marketing_sourced_share",
)  # fmt: skip


REPORT = Report(
    slug="overview",
    title="Overview",
    question="Are we building pipeline together?",
    intro="The numbers that marketing and sales are both measured on. "
    "Figures follow the filters above; a card that does not says so.",
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
    ),
    cards=(own.FUNNEL, own.MOVEMENT, cards.PIPELINE_BY_SOURCE, own.STANDING),
    metrics=("amount_missing",),
)  # fmt: skip
