"""Opportunities: how they open, move, change, close, and what follows a win.

The odds and amounts are at the top. Their HubSpot mirror is `deal_mirror`; how a person gets here
is in `sales` and `journey`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log

from connectors.sandbox.company import accounts, activities, deal_mirror, people, setting
from connectors.sandbox.company.context import Company, Context, Episode, Person
from connectors.sandbox.company.vocabulary import LOSS_REASONS, STAGES

WIN = 0.27
UNQUALIFIED, DUPLICATE, VANISHES = 0.07, 0.02, 0.008
CYCLE = {"won": (45, 0.55), "lost": (48, 0.75), "unqualified": (16, 0.6), "duplicate": (9, 0.6)}
MEDIAN_AMOUNT, SPREAD = 62_000, 0.75
LEAST, MOST = 9_000, 260_000
FIT_ODDS = {"fit": 1.15, "insufficient_data": 0.85, "not_fit": 0.5}
PROBABILITY = {row[0]: row[1] for row in STAGES}
FORECAST = {row[0]: row[4] for row in STAGES}
OPEN_STAGES = [row[0] for row in STAGES if not row[2]]
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
    attempt = episode or person.episode
    ctx.truth.opportunities[deal.opportunity_id] = {
        "source": person.source.name,
        "person": person.number,
        "attempt": attempt.attempt if attempt and attempt.mql_at else None,
        "planned": outcome,
    }
    return deal.opportunity_id


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
) -> Deal:
    rng = person.rng
    currency = str(person.country[2])
    amount = _amount(ctx, person, company)
    hides = rng.random()
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
        Probability=PROBABILITY[stage],
        ForecastCategory=FORECAST[stage],
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
    deal = Deal(opportunity_id, None if nobody else person, company, outcome, amount)
    if company:
        company.open_deals += 1
    if hides < 0.05:
        delay = timedelta(days=rng.randint(2, 20), minutes=rng.randint(0, 300))
        ctx.sim.at(ctx.now + delay, _set_amount, ctx, deal, amount)
    elif hides < 0.07:
        ctx.case("O4", opportunity_id)
    if stage != "Prospecting":
        ctx.case("L6", opportunity_id)
    if currency != "USD":
        ctx.case("O6", opportunity_id)
    if rng.random() < 0.85:
        ctx.sim.at(ctx.now + timedelta(minutes=3), deal_mirror.open_mirror, ctx, deal)
    _plan(ctx, person, deal, stage)
    return deal


def _amount(ctx: Context, person: Person, company: Company | None) -> int:
    size = (max(20, company.employees) / 400) ** 0.18 if company else 0.8
    growth = 1 + 0.35 * ((ctx.now - setting.BEGIN) / (setting.END - setting.BEGIN))
    drawn = person.rng.lognormvariate(log(MEDIAN_AMOUNT), SPREAD) * size * growth
    return int(round(min(MOST, max(LEAST, drawn)), -2))


def _plan(ctx: Context, person: Person, deal: Deal, first: str) -> None:
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
        ctx.sim.at(moment, move, ctx, deal, stage)
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
        ctx.sim.at(close, vanish, ctx, deal)
    elif rng.random() < 0.96:
        ctx.sim.at(close, shut, ctx, deal)  # the rest lingers open
    for _ in range(rng.choice((0, 1, 1, 2))):
        moment = setting.next_work(start + timedelta(days=length * rng.uniform(0.3, 0.9)))
        ctx.sim.at(moment.replace(microsecond=0), _push, ctx, deal, rng.choice((14, 30, 30, 60)))
    if rng.random() < 0.35:
        moment = setting.next_work(start + timedelta(days=length * rng.uniform(0.2, 0.9)))
        revised = int(round(deal.amount * rng.choice((0.7, 0.85, 0.9, 1.1, 1.25)), -2))
        ctx.sim.at(moment.replace(microsecond=0), _set_amount, ctx, deal, revised)


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


def _push(ctx: Context, deal: Deal, days: int) -> None:
    if is_open(ctx, deal):
        planned = date.fromisoformat(
            ctx.salesforce["Opportunity"][deal.opportunity_id]["CloseDate"]
        )
        _change(ctx, deal, CloseDate=(planned + timedelta(days=days)).isoformat())
        ctx.case("O7", deal.opportunity_id)


def _set_amount(ctx: Context, deal: Deal, amount: int) -> None:
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
    truth = ctx.truth.opportunities.get(deal.opportunity_id)
    if truth:
        truth["outcome"], truth["closed_at"] = outcome, ctx.now.isoformat()
    ctx.case({"duplicate": "O2", "unqualified": "O3"}.get(outcome, "closed"), deal.opportunity_id)
    _release(ctx, deal)
    if outcome == "won":
        _after_win(ctx, deal)
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
    """Somebody deletes the opportunity; its roles go with it."""
    by = ctx.staff.managers[0].user_id
    ctx.case("O13", deal.opportunity_id)
    ctx.case("I7", deal.opportunity_id)
    ctx.salesforce.delete("Opportunity", deal.opportunity_id, by)
    for role_id, role in list(ctx.salesforce["OpportunityContactRole"].items()):
        if role["OpportunityId"] == deal.opportunity_id:
            ctx.salesforce.delete("OpportunityContactRole", role_id, by)
    if deal.mirror_id:
        ctx.hubspot.archive("deals", deal.mirror_id)
    _release(ctx, deal)


def _release(ctx: Context, deal: Deal) -> None:
    if deal.company:
        deal.company.open_deals -= 1
    for person in deal.people:
        person.open_deals.discard(deal.opportunity_id)
    ctx.judge(deal.people)


def _after_win(ctx: Context, deal: Deal) -> None:
    company = deal.company
    if company is None:
        return
    by = owner_of(ctx, deal)
    accounts.become_customer(ctx, company, by)
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
    deal.people.append(person)
    person.open_deals.add(deal.opportunity_id)
    if len(deal.people) > 1:
        ctx.case("O10", deal.opportunity_id)


def _join(ctx: Context, deal: Deal, person: Person, by: str) -> None:
    if is_open(ctx, deal) and not person.is_gone:
        _add_role(ctx, deal, person, by, primary=False)


def _committee(ctx: Context, person: Person, account_id: str, by: str) -> list[Person]:
    """Others who take part: contacts that are known, else people whom sales now meets."""
    rng, company = person.rng, person.company
    if company is None:
        return []
    known = [p for p in company.people if p.sf_contact_id and p is not person and not p.is_gone]
    chosen = known[: rng.choice((0, 1, 1, 2))]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        number = len(company.people) + company.number * 100
        other = people.invent_colleague(ctx, company, number)
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
