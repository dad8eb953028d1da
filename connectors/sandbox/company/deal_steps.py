"""What can happen to an opportunity once it is open: moves, changes, closing, deletion.

When it happens is planned in `deals`; how HubSpot shows it is in `deal_mirror`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.sandbox.company import accounts, deal_mirror, setting
from connectors.sandbox.company.context import Company, Context, Person
from connectors.sandbox.company.vocabulary import LOSS_REASONS, STAGES

PROBABILITY = {row[0]: row[1] for row in STAGES}
FORECAST = {row[0]: row[4] for row in STAGES}
CLOSED_AS = {
    "won": "Closed Won",
    "lost": "Closed Lost",
    "unqualified": "Unqualified",
    "duplicate": "Duplicate",
}


@dataclass
class Deal:
    """What is going to happen to an opportunity."""

    opportunity_id: str
    person: Person | None
    company: Company | None
    outcome: str
    amount: int
    people: list[Person] = field(default_factory=list)
    mirror_id: str | None = None
    on_win: Callable[[Context, Deal], None] = field(default=lambda ctx, deal: None)


def is_open(ctx: Context, deal: Deal) -> bool:
    """True while the opportunity is neither closed nor deleted."""
    record = ctx.salesforce["Opportunity"][deal.opportunity_id]
    return not record["IsClosed"] and not record["IsDeleted"]


def owner_of(ctx: Context, deal: Deal) -> str:
    """Who has the opportunity now, and therefore makes its changes."""
    return ctx.salesforce["Opportunity"][deal.opportunity_id]["OwnerId"]


def move(ctx: Context, deal: Deal, stage: str) -> None:
    """Enter a stage."""
    if is_open(ctx, deal):
        _change(
            ctx,
            deal,
            StageName=stage,
            Probability=PROBABILITY[stage],
            ForecastCategory=FORECAST[stage],
        )


def push(ctx: Context, deal: Deal, days: int) -> None:
    """Expect the close later than before."""
    if is_open(ctx, deal):
        planned = date.fromisoformat(
            ctx.salesforce["Opportunity"][deal.opportunity_id]["CloseDate"]
        )
        _change(ctx, deal, CloseDate=(planned + timedelta(days=days)).isoformat())
        ctx.case("O7", deal.opportunity_id)


def set_amount(ctx: Context, deal: Deal, amount: int) -> None:
    """Learn or renegotiate the amount."""
    if is_open(ctx, deal):
        _change(ctx, deal, Amount=amount)
        ctx.case("O11", deal.opportunity_id)


def _change(ctx: Context, deal: Deal, **fields: object) -> None:
    ctx.salesforce.change("Opportunity", deal.opportunity_id, owner_of(ctx, deal), **fields)
    deal_mirror.follow(ctx, deal)


def shut(ctx: Context, deal: Deal, outcome: str | None = None) -> None:
    """Close the opportunity the way it was going to end."""
    if not is_open(ctx, deal):
        return
    outcome = outcome or deal.outcome
    stage = CLOSED_AS[outcome]
    rng = deal.person.rng if deal.person else ctx.rng
    reason = competitor = None
    if outcome == "lost":
        drawn = rng.choices(list(LOSS_REASONS), list(LOSS_REASONS.values()))[0]
        reason = drawn if rng.random() < 0.9 else None
        names = [*setting.COMPETITORS, "In-house"]
        if drawn == "competitor" or rng.random() < 0.25:
            competitor = rng.choices(names, (5, 3, 2, 2))[0]
    elif outcome == "won" and rng.random() < 0.3:
        competitor = rng.choice(list(setting.COMPETITORS))
    _change(
        ctx,
        deal,
        StageName=stage,
        Probability=PROBABILITY[stage],
        ForecastCategory=FORECAST[stage],
        CloseDate=ctx.now.date().isoformat(),
        IsClosed=True,
        IsWon=outcome == "won",
        Loss_Reason__c=reason,
        Competitor__c=competitor,
    )
    ctx.case({"duplicate": "O2", "unqualified": "O3"}.get(outcome, "closed"), deal.opportunity_id)
    _release(ctx, deal)
    if outcome == "won":
        customer = ctx.diary.deals[deal.opportunity_id].company
        if customer:
            customer.customer.append((ctx.now, deal.opportunity_id))
        if deal.company:
            accounts.become_customer(ctx, deal.company, owner_of(ctx, deal))
        deal.on_win(ctx, deal)
    elif outcome == "lost" and rng.random() < 0.02:
        ctx.sim.at(ctx.now + timedelta(days=rng.randint(5, 40)), reopen, ctx, deal)


def reopen(ctx: Context, deal: Deal) -> None:
    """A lost deal comes back to life and is decided again."""
    if ctx.salesforce["Opportunity"][deal.opportunity_id]["IsDeleted"]:
        return
    ctx.case("O9", deal.opportunity_id)
    _change(
        ctx,
        deal,
        StageName="Negotiation/Review",
        Probability=90,
        ForecastCategory="Forecast",
        IsClosed=False,
        IsWon=False,
        Loss_Reason__c=None,
    )
    for person in deal.people:
        person.open_deals.add(deal.opportunity_id)
    if deal.company:
        deal.company.open_deals += 1
    ctx.sim.at(
        setting.after_work_minutes(ctx.now, 480 * 8),
        shut,
        ctx,
        deal,
        "won" if deal.amount % 300 else "lost",
    )


def vanish(ctx: Context, deal: Deal) -> None:
    """Somebody deletes the opportunity; its roles and activities go with it."""
    by = ctx.staff.managers[0].user_id
    ctx.case("O13", deal.opportunity_id)
    ctx.case("I7", deal.opportunity_id)
    ctx.salesforce.delete("Opportunity", deal.opportunity_id, by)
    if deal.mirror_id:
        ctx.hubspot.archive("deals", deal.mirror_id)
    _release(ctx, deal)


def _release(ctx: Context, deal: Deal) -> None:
    if deal.company:
        deal.company.open_deals -= 1
    for person in deal.people:
        person.open_deals.discard(deal.opportunity_id)
    ctx.judge(deal.people)
