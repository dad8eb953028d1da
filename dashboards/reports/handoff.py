"""Handoff: is the hand-over kept, and what comes back?"""

from __future__ import annotations

from dashboards.handover_cards import CARDS
from dashboards.report import Report, Sentence, Tiles

CLOCKS = ("sla_met", "response_minutes", "routing_minutes", "working_minutes")

REPORT = Report(
    slug="handoff",
    title="Handoff",
    question="Is the hand-over kept, and what comes back?",
    intro="Marketing answers for MQLs that meet the standard, sales for working them. Both duties "
    "are measured by the same rules, on one page.",
    order=3,
    answer=(
        Sentence(
            "{period}: {sla_met:of} MQLs were answered in time{sla_met:change}.",
            needs="sla_met", otherwise="{period}: no MQL was due for an answer.",
        ),
        Sentence(
            "What comes back most: {rejection_reason:top} ({rejection_reason:share}).",
            needs="rejection_reason", otherwise="Nothing was turned down.",
            few="What comes back most: {rejection_reason:top}.",
        ),
    ),
    tiles=(
        Tiles(CLOCKS, heading="How fast is an MQL answered?", small=True),
    ),
    cards=CARDS,
)  # fmt: skip
