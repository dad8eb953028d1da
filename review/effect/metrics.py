"""Names and units of the figures of a report; nothing but the standard library is needed here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A figure: its unit decides how it is written. `of`: the denominator of a rate."""

    slug: str
    title: str
    unit: str
    of: str = ""


HEADLINE = (
    Metric("mqls", "MQLs", "count"),
    Metric("sals", "SALs", "count"),
    Metric("acceptance", "Acceptance", "rate", of="decided"),
    Metric("mql_to_opportunity", "MQL to opportunity", "rate", of="mqls"),
    Metric("opportunities", "Opportunities", "count"),
    Metric("pipeline_created", "Pipeline created", "money"),
    Metric("sourced", "Marketing-sourced pipeline", "money"),
    Metric("influenced", "Marketing-influenced pipeline", "money"),
    Metric("won", "Won", "count"),
    Metric("won_amount", "Won amount", "money"),
    Metric("win_rate", "Win rate", "rate", of="closed"),
    Metric("sla_met", "SLA met", "rate", of="due"),
)
# What a rule about leads and deals does not touch: when it moves, something else is going on.
INVARIANTS = (
    Metric("people", "People known", "count"),
    Metric("records", "CRM records", "count"),
    Metric("deals", "Deals known", "count"),
    Metric("deals_won", "Deals won in the CRM", "count"),
)
BREAKDOWN = ("mqls", "sals", "acceptance", "opportunities", "pipeline_created", "won")
TITLES = {metric.slug: metric.title for metric in (*HEADLINE, *INVARIANTS)}
# How the targets of the seed are called.
TARGETS = {
    "pipeline_created": "Pipeline created",
    "sourced_pipeline": "Pipeline sourced",
    "marketing_sourced_share": "Marketing-sourced share",
    "won_amount": "Won amount",
    "win_rate": "Win rate",
    "cycle_days": "Cycle length",
    "mqls": "MQLs",
    "accepted_leads": "Accepted leads",
    "acceptance_rate": "Acceptance",
    "sla_met_rate": "SLA met",
    "mqls_to_standard": "MQLs to the standard",
    "record_complete": "Record complete",
    "objection_answered": "Top objection answered",
    "decided_in_time": "Decided in time",
    "rejection_reason_given": "Reason for a rejection",
    "loss_reason_given": "Reason for a loss",
    "contact_roles_given": "People on the deal",
}
