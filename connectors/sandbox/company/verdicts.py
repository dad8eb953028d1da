"""How likely sales is to accept, reject and sell, why it says no, and how HubSpot shows it.

The odds that shape every rate of the funnel are here; the steps that use them are in `sales`.
"""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.people import EXPANSION
from connectors.sandbox.company.vocabulary import REJECTION_REASONS

ACCEPT = 0.66  # of handed-over people, before source and fit
OPPORTUNITY = 0.46  # of accepted ones
FIT_ODDS = {"fit": 1.08, "insufficient_data": 0.85, "not_fit": 0.2}
STATUS_IN_HUBSPOT = {
    "Open - Not Contacted": "NEW",
    "Working - Contacted": "IN_PROGRESS",
    "Closed - Converted": "OPEN_DEAL",
    "Closed - Not Converted": "UNQUALIFIED",
    "Unqualified": "UNQUALIFIED",
    "Disqualified": "UNQUALIFIED",
    "Nurture": "BAD_TIMING",
    "Recycled": "BAD_TIMING",
}


def will_accept(person: Person) -> bool:
    """Whether sales is going to want this person."""
    odds = ACCEPT * person.source.quality**0.35 * FIT_ODDS[person.fit]
    return person.rng.random() < min(0.95, odds)


def reason_for(ctx: Context, person: Person, kind: str) -> str:
    """Why sales says no; in the last months ever more often that it is no fit."""
    weights: dict[str, float] = dict(REJECTION_REASONS)
    if ctx.now > EXPANSION + timedelta(days=10):
        months = (ctx.now - EXPANSION) / timedelta(days=30)
        boost = 1 + 0.7 * min(months, 5.0)
        weights["not_icp"] *= boost * (1.8 if person.source.name == "Paid social" else 1.0)
    if kind == "recycled":
        weights = {"bad_timing": 60, "no_budget": 25, "no_response": 15}
    if kind == "disqualified":
        weights = {"student_or_job_seeker": 30, "bad_data": 40, "uses_competitor": 15, "other": 15}
    if person.rng.random() < 0.02:
        return "asked us to call after their merger, see notes"
    return person.rng.choices(list(weights), list(weights.values()))[0]


def mirror_status(ctx: Context, person: Person, status: str, reason: str | None = None) -> None:
    """The sync shows Salesforce's status in HubSpot."""
    if person.contact_id:
        ctx.hubspot.change(
            "contacts",
            person.contact_id,
            "SALESFORCE",
            hs_lead_status=STATUS_IN_HUBSPOT[status],
            lead_rejection_reason=reason,
        )
