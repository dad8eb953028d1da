"""Cards of the page Sources: campaigns, models of attribution, cohorts, from MQL to customer."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import cards
from dashboards.kinds import bars, models, rates
from dashboards.kinds.rows import Column, Table
from dashboards.report import Card
from dashboards.source_data import ALL, PageData

COHORTS = 12


def pipeline_by_campaign(data: PageData) -> go.Figure:
    """Pipeline created by campaign."""
    return _by_campaign(data, "campaign_pipeline")


def won_by_campaign(data: PageData) -> go.Figure:
    """Won amount by campaign."""
    return _by_campaign(data, "campaign_won")


def _by_campaign(data: PageData, breakdown: str) -> go.Figure:
    return bars.figure(
        cards.now(data, breakdown), cards.before(data, breakdown), currency=data.run["currency"]
    )


def attribution(data: PageData) -> go.Figure:
    """Channels as each model has them."""
    return models.figure(models.given(data, cards.DEFAULT_PERIOD), data.run["currency"])


def conversion(data: PageData) -> go.Figure:
    """MQL to won, by source."""
    return rates.figure(cards.rate_rows(data, "mql_to_won"))


def cohorts(data: PageData) -> Table:
    """Opportunities by the month in which they entered pipeline, and what became of them."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    running = f"{data.today:%b %Y}"
    for row in data.rows(
        "select metric, strftime(month, '%b %Y') as month, numerator, denominator "
        "from marts.metric_trend where metric in ('cohort_win_rate', 'cohort_win_rate_at_most', "
        "'cohort_resolved') and segment = ? and region = ? and source = ? "
        "order by metric_trend.month desc", ALL, ALL, ALL,
    ):  # fmt: skip
        name = f"{row['month']} (running)" if row["month"] == running else row["month"]
        rate = (row["numerator"] or 0, row["denominator"] or 0)
        found.setdefault(name, {})[row["metric"]] = rate
    rows = [
        (
            month, rates["cohort_win_rate"][1], rates["cohort_win_rate"],
            rates["cohort_win_rate_at_most"], rates["cohort_resolved"],
        )
        for month, rates in list(found.items())[:COHORTS]
    ]  # fmt: skip
    columns = (
        Column("Entered pipeline"), Column("Deals", "count"),
        Column("Won so far", "rate", "cohort_win_rate"),
        Column("Won at most", "rate", "cohort_win_rate_at_most"),
        Column("Resolved", "rate", "cohort_resolved"),
    )  # fmt: skip
    return Table(columns, rows, empty="No deal has entered pipeline yet.")


PIPELINE_BY_CAMPAIGN = Card(
    "campaign-pipeline", "Which campaigns bring pipeline?",
    "Pipeline created in the period, by the campaign of the MQL that led to the deal", "bars",
    figure=pipeline_by_campaign,
    options={"breakdown": "campaign_pipeline", "categories": "Campaign"},
    note="A deal has the campaign of its MQL, once. **No campaign** is shown, not given away.",
    rows=cards.breakdown_steps("campaign_pipeline"),
)  # fmt: skip
WON_BY_CAMPAIGN = Card(
    "campaign-won", "Which campaigns bring wins?",
    "Amount won in the period, by the campaign of the MQL that led to the deal", "bars",
    figure=won_by_campaign,
    options={"breakdown": "campaign_won", "categories": "Campaign"},
    note="Wins follow pipeline by a cycle: **a young campaign has none yet**.",
    rows=cards.breakdown_steps("campaign_won"),
)  # fmt: skip
ATTRIBUTION = Card(
    "attribution", "How much does the answer depend on the model?",
    "Share of the pipeline created in the period that each model of attribution gives a channel, "
    "over the same touches of the year before", "models",
    figure=attribution, about="attribution",
    note="Every model is an approximation. **Where the marks lie together**, the channel's part is "
    "known; where they lie apart, it is a matter of opinion. Sourced pipeline above is another "
    "thing: one source a deal, stamped once.",
    width="full", rows=lambda data: max(4, min(8, models.channels(data) + 2)),
)  # fmt: skip
CONVERSION = Card(
    "conversion", "Which MQLs become customers?",
    "MQLs of the period that led to a won opportunity so far, with 95% Wilson interval", "rates",
    figure=conversion, width="narrow",
    options={"metric": "mql_to_won", "columns": ["mqls", "mql_to_won", "days_from_mql"]},
    note="Hollow: **fewer than 20 MQLs**. Under 10 only the count is given. A line that crosses "
    "the dotted one cannot be told from the average.",
    rows=cards.source_steps,
)  # fmt: skip
COHORT_TABLE = Card(
    "cohorts", "Will newer pipeline win as often?",
    "Deals by the month in which they entered pipeline: won so far, won if all that are open were "
    "won, and the part that is decided", "rows",
    table=cohorts, about="cohort_win_rate", width="wide",
    note="Compare months only where **most is resolved**.",
)  # fmt: skip
