"""What is noted about a conversation: objections, content used, competitors' claims, criteria.

The story that the weekly review tells is here: an objection that grows until marketing publishes
an answer, and a claim that sales can hardly counter. When a conversation happens is decided in
`activities`; the notes have dice of their own, so a changed story changes nobody's life.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.people import EXPANSION
from connectors.sandbox.company.setting import START_CLOCK
from connectors.sandbox.company.vocabulary import (
    ANSWERS,
    CLAIMS,
    CONTENT,
    CRITERIA,
    OBJECTIONS,
    USED_IN_LOST,
    USED_IN_WON,
)

NOTED = {"objection": 0.64, "content": 0.34, "claim": 0.24}  # share of conversations about a deal
FIRST_OBJECTION = 0.4  # share of first conversations with somebody whom sales takes up
RULED_OUT = 0.6  # share of those turned down after all of whom it is clear what ruled them out
ANSWERED = 0.55  # share of objections to which sales brings the content made for them
# Security reviews stall ever more deals from here on, until the answer is published.
GROWS_FROM = START_CLOCK - timedelta(weeks=24)
PUBLISHED = datetime(2026, 5, 18, 8, tzinfo=START_CLOCK.tzinfo)
SETTLES = timedelta(weeks=3)
SECURITY_ANSWER = "Security answers pack"
# The claim that nothing counters; its answer is too young to show.
HARD_CLAIM, CLAIM_ANSWERED = "Live in a day", datetime(2026, 6, 15, 8, tzinfo=START_CLOCK.tzinfo)


def about_a_deal(ctx: Context, person: Person, deal_id: str) -> dict[str, object]:
    """What a colleague writes down after a conversation about an opportunity."""
    dice = _dice(ctx, person, deal_id)
    notes: dict[str, object] = {}
    planned = ctx.diary.deals[deal_id].planned
    if dice.random() < NOTED["objection"]:
        notes["Objection__c"] = _draw(dice, objections_at(ctx.now))
    if dice.random() < NOTED["content"] or (notes and dice.random() < ANSWERED):
        notes["Content_Used__c"] = _content(ctx, dice, notes.get("Objection__c"), planned)
    if dice.random() < NOTED["claim"]:
        claim = _draw(dice, {name: weight for name, (weight, _) in CLAIMS.items()})
        odds = CLAIMS[claim][1]
        if claim == HARD_CLAIM and ctx.now >= CLAIM_ANSWERED:
            odds = 0.5
        notes["Competitor_Claim__c"] = claim
        notes["Claim_Countered__c"] = dice.random() < odds
    return notes


def with_a_lead(ctx: Context, person: Person, accept: bool, criterion: bool) -> dict[str, object]:
    """What a colleague writes down after the first conversation with a lead."""
    dice = _dice(ctx, person, "")
    if criterion:
        return {"Disqualifying_Criterion__c": _draw(dice, criteria_at(ctx.now, person))}
    if accept and dice.random() < FIRST_OBJECTION:
        return {"Objection__c": _draw(dice, objections_at(ctx.now))}
    return {}


def before_no(ctx: Context, person: Person) -> dict[str, object]:
    """What a colleague writes down before turning down somebody whom sales had taken up."""
    dice = _dice(ctx, person, "no")
    if dice.random() < RULED_OUT:
        return {"Disqualifying_Criterion__c": _draw(dice, criteria_at(ctx.now, person))}
    return {}


def objections_at(moment: datetime) -> dict[str, float]:
    """How often each objection is raised at that time."""
    weights: dict[str, float] = dict(OBJECTIONS)
    if moment > GROWS_FROM:
        grown = 1 + 3.2 * min(1.0, (moment - GROWS_FROM) / (PUBLISHED - GROWS_FROM))
        relieved = max(0.0, min(1.0, (moment - PUBLISHED) / SETTLES))
        weights["security"] *= grown * (1 - 0.8 * relieved)
    return weights


def criteria_at(moment: datetime, person: Person) -> dict[str, float]:
    """What rules people out; since paid social reaches further, ever more are too small."""
    weights: dict[str, float] = dict(CRITERIA)
    if moment > EXPANSION:
        weights["Fewer than 50 employees"] *= 3.0 if person.source.name == "Paid social" else 1.4
    return weights


def _content(ctx: Context, dice: Random, objection: object, planned: str | None) -> str:
    if objection == "security" and ctx.now >= PUBLISHED and dice.random() < 0.8:
        return SECURITY_ANSWER
    if isinstance(objection, str) and objection in ANSWERS and dice.random() < ANSWERED:
        return ANSWERS[objection]
    shift = {"won": USED_IN_WON, "lost": USED_IN_LOST}.get(planned or "", {})
    return _draw(dice, {name: weight * shift.get(name, 1.0) for name, weight in CONTENT.items()})


def _dice(ctx: Context, person: Person, about: str) -> Random:
    return Random(f"{ctx.seed}/notes/{person.number}/{about}/{ctx.now.isoformat()}")


def _draw(dice: Random, weights: dict[str, float] | dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]
