"""Cards of the page Overview: the funnel, pipeline movement, deals that stand still."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import cards
from dashboards.kinds import records, stages, waterfall
from dashboards.report import Card
from dashboards.source_data import PageData

ENDS, GOOD = ["Open at start", "Open at end"], ["Won"]
BAD = ["Lost", "Removed", "Slipped"]


def how_far(data: PageData) -> go.Figure:
    """Leads by furthest stage."""
    return stages.figure(cards.stage_rows(data))


def movement(data: PageData) -> go.Figure:
    """Open pipeline from the start of the period to its end."""
    return waterfall.figure(
        cards.now(data, "pipeline_movement"), ends=ENDS, good=GOOD, bad=BAD,
        currency=data.run["currency"],
    )  # fmt: skip


FUNNEL = Card(
    "funnel", "How far do leads get?",
    "People who became known in the period, by furthest stage reached so far", "stages",
    figure=how_far,
    note="Pale bars are people **not yet decided**: a young cohort looks worse than it will end. "
    "Excluded and deleted people are counted on Data health.",
    width="narrow", rows=lambda data: 8,
)  # fmt: skip
MOVEMENT = Card(
    "movement", "What happened to the open pipeline?",
    "Open pipeline at the start of the period, walked to its end", "waterfall",
    figure=movement,
    options={
        "breakdown": "pipeline_movement", "categories": "Step", "ends": ENDS, "good": GOOD,
        "bad": BAD,
    },
    note="**Nothing is left over**: the steps add up, deal by deal. A quarter counts the deals due "
    "in it, so deals slip out or are pulled in; other periods count every open deal. **Created** "
    "includes deals removed since, so it can be more than pipeline created.",
    width="wide", rows=lambda data: 8,
)  # fmt: skip
STANDING = Card(
    "standing", "Which open deals stand still?",
    "Open deals in the same stage for more than 60 days, or whose close date has passed", "records",
    table=lambda data: records.table(
        data, "stale_open_deal", empty="Every open deal has moved within 60 days."
    ),
    width="full",
)  # fmt: skip
