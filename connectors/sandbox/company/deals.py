"""Opportunities: how they open, what is planned for them, and what follows a win.

The odds and amounts are at the top. Their HubSpot mirror is `deal_mirror`; how a person gets here
is in `sales` and `journey`.
"""

from __future__ import annotations

from datetime import timedelta
from math import log

from connectors.sandbox.company import (
    accounts,
    activities,
    deal_mirror,
    deal_steps,
    people,
    setting,
)
from connectors.sandbox.company.context import Company, Context, Episode, Person
from connectors.sandbox.company.deal_diary import Role
from connectors.sandbox.company.deal_steps import Deal
from connectors.sandbox.company.vocabulary import STAGES

WIN = 0.225
UNQUALIFIED, DUPLICATE, VANISHES = 0.07, 0.02, 0.008
CYCLE = {"won": (45, 0.55), "lost": (48, 0.75), "unqualified": (16, 0.6), "duplicate": (9, 0.6)}
MEDIAN_AMOUNT, SPREAD = 96_000, 0.65
LEAST, MOST = 9_000, 300_000
FIT_ODDS = {"fit": 1.15, "insufficient_data": 0.85, "not_fit": 0.5}
OPEN_STAGES = [row[0] for row in STAGES if not row[2]]


def open_deal(
    ctx: Context, person: Person, account_id: str, by: str, episode: Episode | None = None
) -> str:
    """Open a new-business opportunity for a person, and plan its life."""
    rng, company = person.rng, person.company
    odds = WIN * person.source.quality**0.6 * FIT_ODDS[person.fit]
    draw = rng.random()
    if draw < UNQUALIFIED:
        outcome = "unqualified"
    elif draw < UNQUALIFIED + DUPLICATE:
        outcome = "duplicate"
    else:
        outcome = "won" if rng.random() < odds else "lost"
    stage = "Prospecting" if rng.random() < 0.42 or outcome == "unqualified" else "Qualification"
    deal = _create(ctx, person, company, account_id, by, outcome, stage, "New Business")
    _add_role(ctx, deal, person, by, primary=True)
    for other in _committee(ctx, person, account_id, by):
        later = setting.after_work_minutes(ctx.now, rng.uniform(480, 480 * 15))
        ctx.sim.at(later, _join, ctx, deal, other, by)
    ctx.diary.deals[deal.opportunity_id].planned = outcome
    return deal.opportunity_id


def scripted_deal(
    ctx: Context, person: Person, account_id: str, by: str, stage: str = "Qualification"
) -> Deal:
    """Open a new-business opportunity whose further life somebody else tells."""
    deal = _create(
        ctx,
        person,
        person.company,
        account_id,
        by,
        "won",
        stage,
        "New Business",
        is_planned=False,
    )
    _add_role(ctx, deal, person, by, primary=True)
    return deal


def open_deal_later(
    ctx: Context, person: Person, account_id: str, owner: str, episode: Episode
) -> None:
    """Open a deal straight from a contact of an account."""
    if not person.is_gone and not person.open_deals and person.sf_contact_id:
        open_deal(ctx, person, account_id, owner, episode)
        if episode.closed_at is None:
            if episode.mql_at and episode.accepted_at is None:
                episode.accepted_at = episode.decided_at = ctx.now
            episode.closed_at, episode.closed_by = ctx.now, "converted"


def open_other(ctx: Context, company: Company, person: Person | None, kind: str, won: float) -> str:
    """Open a renewal, an upgrade or a partner deal: business that is not new."""
    executive = accounts.executive_of(ctx, company).user_id
    account_id = accounts.ensure_account(ctx, company, executive)
    someone = person or people.invent_colleague(ctx, company, 500_000 + company.number)
    outcome = "won" if someone.rng.random() < won else "lost"
    deal = _create(
        ctx, someone, company, account_id, executive, outcome, "Qualification", kind, person is None
    )
    if person and person.sf_contact_id:
        _add_role(ctx, deal, person, executive, primary=True)
    ctx.case("O1" if kind != "New Business" else "I5", deal.opportunity_id)
    return deal.opportunity_id


def _create(
    ctx: Context,
    person: Person,
    company: Company | None,
    account_id: str,
    by: str,
    outcome: str,
    stage: str,
    kind: str,
    nobody: bool = False,
    is_planned: bool = True,
) -> Deal:
    rng = person.rng
    currency = str(person.country[2])
    amount = _amount(ctx, person, company)
    hides = rng.random() if is_planned else 1.0
    owner = ctx.salesforce["Account"][account_id]["OwnerId"]
    existing = kind.startswith("Existing") or kind == "Renewal"
    opportunity_id = ctx.salesforce.create(
        "Opportunity",
        by,
        AccountId=account_id,
        Name=f"{company.name if company else person.last} - {kind.lower()} {ctx.now:%b %Y}",
        StageName=stage,
        Amount=None if hides < 0.07 else amount,
        CurrencyIsoCode=currency,
        CloseDate=(ctx.now.date() + timedelta(days=rng.randint(45, 110))).isoformat(),
        Probability=deal_steps.PROBABILITY[stage],
        ForecastCategory=deal_steps.FORECAST[stage],
        IsClosed=False,
        IsWon=False,
        Type=kind if rng.random() > 0.03 or existing or kind == "Partner" else None,
        LeadSource=person.source.lead_source if not nobody else None,
        OwnerId=owner,
        RecordTypeId=ctx.record_types["Existing business" if existing else "New business"],
        CampaignId=None,
        Loss_Reason__c=None,
        Competitor__c=None,
    )
    household = person.diary.own_account
    ctx.diary.open(ctx, opportunity_id, company.diary if company else household)
    someone = None if nobody else person
    deal = Deal(opportunity_id, someone, company, outcome, amount, on_win=_after_win)
    if company:
        company.open_deals += 1
    if hides < 0.05:
        delay = timedelta(days=rng.randint(2, 20), minutes=rng.randint(0, 300))
        ctx.sim.at(ctx.now + delay, deal_steps.set_amount, ctx, deal, amount)
    elif hides < 0.07:
        ctx.case("O4", opportunity_id)
    if stage != "Prospecting":
        ctx.case("L6", opportunity_id)
    if currency != "USD":
        ctx.case("O6", opportunity_id)
    if rng.random() < 0.85:
        ctx.sim.at(ctx.now + timedelta(minutes=3), deal_mirror.open_mirror, ctx, deal)
    if is_planned:
        plan(ctx, person, deal, stage)
    return deal


def _amount(ctx: Context, person: Person, company: Company | None) -> int:
    size = (max(20, company.employees) / 400) ** 0.18 if company else 0.8
    growth = 1 + 0.45 * ((ctx.now - setting.BEGIN) / (setting.END - setting.BEGIN))
    drawn = person.rng.lognormvariate(log(MEDIAN_AMOUNT), SPREAD) * size * growth
    return int(round(min(MOST, max(LEAST, drawn)), -2))


def plan(ctx: Context, person: Person, deal: Deal, first: str) -> None:
    """Lay out stages between now and the close; some are skipped, some deals step back."""
    rng = person.rng
    median, spread = CYCLE[deal.outcome]
    length = median * rng.lognormvariate(0, spread)
    reached = {"won": len(OPEN_STAGES), "lost": rng.randint(2, 8), "unqualified": 1, "duplicate": 2}
    path = OPEN_STAGES[OPEN_STAGES.index(first) + 1 : reached[deal.outcome]]
    kept = [stage for stage in path if rng.random() < 0.78]
    if len(kept) < len(path):
        ctx.case("L3", deal.opportunity_id)
    if len(kept) > 2 and rng.random() < 0.06:
        kept.insert(rng.randint(2, len(kept)), kept[0])
        ctx.case("L4", deal.opportunity_id)
    shares = sorted(rng.random() for _ in kept)
    start = ctx.now
    for stage, share in zip(kept, shares, strict=True):
        moment = setting.next_work(start + timedelta(days=length * share * 0.95))
        moment = moment.replace(minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
        ctx.sim.at(moment, deal_steps.move, ctx, deal, stage)
        if rng.random() < 0.7:
            ctx.sim.at(
                moment - timedelta(minutes=25),
                activities.deal_activity,
                ctx,
                person,
                deal.opportunity_id,
            )
    close = setting.next_work(start + timedelta(days=max(1.0, length)))
    close = close.replace(minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
    if rng.random() < VANISHES:
        ctx.sim.at(close, deal_steps.vanish, ctx, deal)
    elif rng.random() < 0.96:
        ctx.sim.at(close, deal_steps.shut, ctx, deal)  # the rest lingers open
    for _ in range(rng.choice((0, 1, 1, 2))):
        moment = setting.next_work(start + timedelta(days=length * rng.uniform(0.3, 0.9)))
        ctx.sim.at(
            moment.replace(microsecond=0), deal_steps.push, ctx, deal, rng.choice((14, 30, 30, 60))
        )
    if rng.random() < 0.35:
        moment = setting.next_work(start + timedelta(days=length * rng.uniform(0.2, 0.9)))
        revised = int(round(deal.amount * rng.choice((0.7, 0.85, 0.9, 1.1, 1.25)), -2))
        ctx.sim.at(moment.replace(microsecond=0), deal_steps.set_amount, ctx, deal, revised)


def _after_win(ctx: Context, deal: Deal) -> None:
    company = deal.company
    if company is None:
        return
    rng = deal.person.rng if deal.person else ctx.rng
    renewal = ctx.now + timedelta(days=rng.randint(330, 370))
    ctx.sim.at(setting.next_work(renewal), open_other, ctx, company, deal.person, "Renewal", 0.85)
    if rng.random() < 0.35:
        later = setting.next_work(ctx.now + timedelta(days=rng.randint(60, 300)))
        kind = "Existing Customer - Upgrade"
        ctx.sim.at(later, open_other, ctx, company, deal.person, kind, 0.7)


def _add_role(ctx: Context, deal: Deal, person: Person, by: str, *, primary: bool) -> None:
    if person.sf_contact_id is None or person in deal.people:
        return
    ctx.salesforce.create(
        "OpportunityContactRole",
        by,
        OpportunityId=deal.opportunity_id,
        ContactId=person.sf_contact_id,
        Role=person.role,
        IsPrimary=primary,
    )
    ctx.diary.join(person, Role(ctx.now, deal.opportunity_id, person.role, primary, by))
    if person.open_deals:
        ctx.case("I10", person.sf_contact_id)
    deal.people.append(person)
    person.open_deals.add(deal.opportunity_id)
    if len(deal.people) > 1:
        ctx.case("O10", deal.opportunity_id)


def _join(ctx: Context, deal: Deal, person: Person, by: str) -> None:
    if deal_steps.is_open(ctx, deal) and not person.is_gone:
        _add_role(ctx, deal, person, by, primary=False)


def _committee(ctx: Context, person: Person, account_id: str, by: str) -> list[Person]:
    """Others who take part: contacts that are known, else people whom sales now meets."""
    rng, company = person.rng, person.company
    if company is None:
        return []
    known = [p for p in company.people if p.sf_contact_id and p is not person and not p.is_gone]
    chosen = known[: rng.choice((0, 1, 1, 2))]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        other = people.invent_colleague(ctx, company, len(ctx.people))
        people.create_sf_contact(ctx, other, by, account_id, by)
        ctx.people.append(other)
        if rng.random() < 0.6:
            people.create_contact(
                ctx,
                other,
                "SALESFORCE",
                salesforcecontactid=other.sf_contact_id,
                salesforceaccountid=account_id,
            )
        else:
            ctx.case("I4", other.sf_contact_id)
        chosen.append(other)
    return chosen


def open_hubspot_deal(ctx: Context, person: Person, episode: Episode) -> None:
    """A deal that only HubSpot knows."""
    if person.is_gone or person.contact_id is None:
        return
    deal_mirror.open_native(ctx, person, _amount(ctx, person, person.company))
    if episode.closed_at is None:
        episode.closed_at, episode.closed_by = ctx.now, "converted"
