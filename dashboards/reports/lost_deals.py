"""Lost deals: why do we lose, to whom, at which stage?"""

from __future__ import annotations

from dashboards import cards, fit
from dashboards.report import Card, Report, Sentence, Tiles

REPORT = Report(
    slug="lost-deals",
    title="Lost deals",
    question="Why do we lose, to whom, and at which stage?",
    intro="Lost deals teach more than won ones, and both teams read the same list. Unqualified and "
    "removed opportunities were never lost and are not here.",
    order=6,
    answer=(
        Sentence(
            "{period}: {lost} opportunities were lost{lost:change}.",
            needs="lost", otherwise="{period}: no opportunity was lost.",
        ),
        Sentence(
            "The commonest reason: {loss_reason:top} ({loss_reason:share}).",
            needs="loss_reason", few="The commonest reason: {loss_reason:top}.",
        ),
    ),
    tiles=(Tiles(("lost", "lost_amount", "won", "win_rate"), small=True),),
    cards=(
        Card(
            "reasons", "Why do we lose?",
            "Opportunities lost in the period, by the reason that sales gave", "bars",
            figure=lambda data: fit.bar_figure(data, "loss_reason"),
            options={"breakdown": "loss_reason"}, rows=cards.breakdown_steps("loss_reason"),
            note="Grey: **no reason**, or one that no mapping knows.",
        ),
        Card(
            "amounts", "What does each reason cost?",
            "Pipeline amount of the opportunities lost in the period", "bars",
            figure=lambda data: fit.bar_figure(data, "loss_amount"),
            options={"breakdown": "loss_amount"}, rows=cards.breakdown_steps("loss_amount"),
        ),
        Card(
            "stages", "At which stage do we lose?",
            "Opportunities lost in the period, by the last stage in which they were alive",
            "columns", figure=lambda data: fit.column_figure(data, "loss_stage"),
            options={"breakdown": "loss_stage"}, width="full",
            note="A late loss has cost the most work: **look right first**.",
        ),
        Card(
            "competitors", "To whom do we lose?",
            "Opportunities lost in the period, by the competitor noted on them", "bars",
            figure=lambda data: fit.bar_figure(data, "loss_competitor"),
            options={"breakdown": "loss_competitor"},
            rows=cards.breakdown_steps("loss_competitor"),
            note="Grey: **no competitor was noted**; that is not the same as none.",
        ),
        Card(
            "tiers", "Do we lose inside the ICP?",
            "Opportunities lost in the period, by fit and tier of the company", "bars",
            figure=lambda data: fit.bar_figure(data, "loss_tier"),
            options={"breakdown": "loss_tier"}, rows=cards.breakdown_steps("loss_tier"),
        ),
        Card(
            "by-source", "Which reasons does each source bring?",
            "Share of each reason in the lost deals of a source, last 12 months", "matrix",
            grid=fit.reasons_by_source, width="full",
        ),
        Card(
            "by-tier", "Which reasons does each tier bring?",
            "Share of each reason in the lost deals of a tier, last 12 months", "matrix",
            grid=fit.reasons_by_tier, width="full",
        ),
    ),
)  # fmt: skip
