"""ICP: are we creating and winning in the agreed ICP?"""

from __future__ import annotations

from dashboards import fit
from dashboards.report import Card, Report, Sentence, Tiles

REPORT = Report(
    slug="icp",
    title="ICP",
    question="Are we creating and winning in the agreed ICP?",
    intro="One ideal customer for both teams. Fit is judged by what was known at the moment, not "
    "by what the company has become.",
    order=5,
    answer=(
        Sentence(
            "{period}: {icp_share:of} were in the ICP{icp_share:change}.",
            needs="icp_share", otherwise="{period}: no opportunity was created.",
        ),
        Sentence(
            "{win_rate:of} opportunities were won.",
            needs="win_rate", otherwise="No opportunity was closed.",
        ),
    ),
    tiles=(Tiles(("icp_share", "opportunities_created", "win_rate", "cycle_length"), small=True),),
    cards=(
        Card(
            "fit-share", "Does the share in the ICP grow on the way?",
            "Of those who reached each stage in the period, the part in the ICP, 95% interval",
            "rates", figure=lambda data: fit.rate_figure(data, "fit_share"),
            options={"breakdown": "fit_share"}, rows=lambda data: 6,
            note="Companies of which **too little is known** count among all, not as in the ICP.",
        ),
        Card(
            "fit-unknown", "Of how many is too little known?",
            "Of those who reached each stage in the period, the part that cannot be judged",
            "rates", figure=lambda data: fit.rate_figure(data, "fit_unknown"),
            options={"breakdown": "fit_unknown"}, rows=lambda data: 6,
            note="Industry, size or region is missing. It is **never taken for unfit**.",
        ),
        Card(
            "win-rate", "Do we win more inside the ICP?",
            "Opportunities closed in the period: won ÷ (won + lost), by fit and tier",
            "rates", figure=lambda data: fit.rate_figure(data, "win_rate_by_fit", "win_rate"),
            options={"breakdown": "win_rate_by_fit", "overall": "win_rate"},
            rows=lambda data: 6,
            note="Hollow: **fewer than 20**. Under 10 only the count is given.",
        ),
        Card(
            "cycle", "Do we win faster inside it?",
            "Days from accepted into pipeline to won: median and middle half, by fit and tier",
            "ranges", figure=lambda data: fit.range_figure(data, "cycle_by_fit"),
            options={"breakdown": "cycle_by_fit"}, rows=lambda data: 6,
            note="Fewer than **10 won deals** are named without a bar.",
        ),
        Card(
            "pipeline", "Where does pipeline go?",
            "Pipeline created in the period by fit and tier", "bars",
            figure=lambda data: fit.bar_figure(data, "pipeline_by_fit"),
            options={"breakdown": "pipeline_by_fit"}, rows=lambda data: 5,
            note="Grey: **too little is known** to judge the company.",
        ),
        Card(
            "committee", "Whom of the buying committee do we know?",
            "Opportunities accepted in the period on which the role is known", "rates",
            figure=lambda data: fit.rate_figure(data, "committee_coverage"),
            options={"breakdown": "committee_coverage"}, rows=lambda data: 5,
            note="Roles are read from **titles**, by the seed `buying_role`.",
        ),
        Card(
            "triggers", "What happened before the first conversation?",
            "First conversations of the period before which the trigger event was seen", "rates",
            figure=lambda data: fit.rate_figure(data, "trigger_event"), width="full",
            options={"breakdown": "trigger_event"}, rows=lambda data: 6,
            note="Several events may come before one conversation: **not additive**.",
        ),
        fit.PROBLEMS,
    ),
)  # fmt: skip
