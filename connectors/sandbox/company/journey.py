"""How people come in and how their interest goes on: inbound, imported, outbound.

Temperaments and rhythms are here; single touches are in `touches`, sales' answers in `sales`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.sandbox.company import activities, people, sales, setting, touches
from connectors.sandbox.company.accounts import ensure_account
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.vocabulary import DEMO_FORMS

COMES_BACK = 0.16  # share that shows interest again after months
OUTBOUND_REPLIES = 0.44
WARM_TOUCHES = (
    # what a warm person does next, and how often
    ("pricing", 23),
    ("page", 27),
    ("click", 17),
    ("Whitepaper download", 12),
    ("Webinar registration", 12),
    ("Newsletter", 6),
    ("campaign", 3),
)
COLD_TOUCHES = (("page", 50), ("click", 25), ("Newsletter", 15), ("Whitepaper download", 10))
FIRST_FORMS = (("Whitepaper download", 45), ("Webinar registration", 25), ("Newsletter", 30))
EVENT_CAMPAIGNS = (
    "Operations summit 2024",
    "Operations summit 2025",
    "Industry roadshow 2026",
)


def arrive(ctx: Context, number: int) -> None:
    """Somebody becomes known at this moment."""
    person = people.invent(ctx, number, ctx.now)
    ctx.people.append(person)
    source = person.source
    if source.is_outbound and not person.is_excluded:
        moment = setting.next_work(ctx.now)
        ctx.sim.at(moment, _start_outbound, ctx, person)
    elif source.lead_source in ("Event", "Webinar"):
        _import(ctx, person)
    else:
        _arrive_inbound(ctx, person)


def _arrive_inbound(ctx: Context, person: Person) -> None:
    rng = person.rng
    raises_hand = rng.random() < person.source.hand_raise * (1.1 if person.title else 0.6)
    people.create_contact(ctx, person, "FORM")
    for _ in range(rng.choice((1, 1, 2, 3))):
        touches.view_page(ctx, person)
    if raises_hand and rng.random() < 0.75:
        _raise_hand(ctx, person)
    else:
        touches.submit_form(ctx, person, _draw(person, FIRST_FORMS))
        if raises_hand:
            later = ctx.now + timedelta(days=rng.uniform(0.5, 20))
            ctx.sim.at(_waking(later), _raise_hand, ctx, person)
    plan_interest(ctx, person)


def _raise_hand(ctx: Context, person: Person) -> None:
    if person.rng.random() < 0.15:
        touches.book_meeting(ctx, person)
    else:
        if person.rng.random() < 0.4:
            touches.view_page(ctx, person, "/pricing")
        weights = (70, 18, 12)
        touches.submit_form(ctx, person, person.rng.choices(DEMO_FORMS, weights)[0])


def _import(ctx: Context, person: Person) -> None:
    """A list from an event goes into both systems; being on a list is no interest yet."""
    rng = person.rng
    people.create_contact(ctx, person, "IMPORT")
    people.create_lead(ctx, person, ctx.staff.integration, ctx.staff.queue)
    if person.source.lead_source == "Webinar":
        name = "Quarterly webinar series"
    else:
        name = EVENT_CAMPAIGNS[0 if ctx.now.year == 2024 else 1 if ctx.now.year == 2025 else 2]
    touches.join_campaign(ctx, person, name, responded=rng.random() < 0.65)
    if rng.random() < person.source.hand_raise:
        later = ctx.now + timedelta(days=rng.uniform(0.5, 15))
        ctx.sim.at(_waking(later), _raise_hand, ctx, person)
    plan_interest(ctx, person)


def plan_interest(ctx: Context, person: Person) -> None:
    """Lay out what the person will do on the site and with our e-mails."""
    rng = person.rng
    is_warm = rng.random() < person.source.warm * 1.1
    _burst(ctx, person, ctx.now, is_warm)
    _newsletters(ctx, person)
    if rng.random() < COMES_BACK:
        later = _waking(ctx.now + timedelta(days=rng.uniform(60, 330)))
        if rng.random() < 0.35:
            ctx.sim.at(later, _raise_hand, ctx, person)
        else:
            ctx.sim.at(later, _burst, ctx, person, later, rng.random() < 0.6)


def _burst(ctx: Context, person: Person, start: datetime, is_warm: bool) -> None:
    rng = person.rng
    count = rng.randint(4, 9) if is_warm else rng.choice((0, 1, 1, 2, 3))
    gap = 3.2 if is_warm else 24.0
    moment = start
    for _ in range(count):
        moment = _waking(moment + timedelta(days=rng.expovariate(1 / gap)))
        kind = _draw(person, WARM_TOUCHES if is_warm else COLD_TOUCHES)
        ctx.sim.at(moment, _touch, ctx, person, kind)


def _touch(ctx: Context, person: Person, kind: str) -> None:
    if kind == "pricing":
        touches.view_page(ctx, person, "/pricing")
    elif kind == "page":
        touches.view_page(ctx, person)
    elif kind == "click":
        touches.email(ctx, person, "OPEN", "CLICK")
    elif kind == "campaign":
        if person.source.name == "Paid social":
            recent = ctx.now > people.EXPANSION
            name = "LinkedIn audience expansion" if recent else "LinkedIn lead ads"
        else:
            name = "Quarterly webinar series"
        touches.join_campaign(ctx, person, name, responded=person.rng.random() < 0.7)
    else:
        touches.submit_form(ctx, person, kind)


def _newsletters(ctx: Context, person: Person) -> None:
    rng = person.rng
    for month in range(rng.choice((1, 2, 2, 3))):
        moment = ctx.now + timedelta(days=20 + 31 * month, hours=rng.uniform(0, 3))
        kind = rng.random()
        if kind < 0.06:  # a mail scanner opens every link within seconds
            ctx.sim.at(_whole(moment), touches.email, ctx, person, "OPEN", "CLICK")
        elif kind < 0.11:
            ctx.sim.at(_whole(moment), _scanned, ctx, person)
        elif kind < 0.3:
            ctx.sim.at(_whole(moment), touches.email, ctx, person, "OPEN")
        else:
            ctx.sim.at(_whole(moment), touches.email, ctx, person)


def _scanned(ctx: Context, person: Person) -> None:
    touches.email(ctx, person, "OPEN", "CLICK", bot=True)


def _start_outbound(ctx: Context, person: Person) -> None:
    """Sales finds somebody: a lead in Salesforce first, then a contact in HubSpot."""
    rng = person.rng
    is_partner = person.source.name == "Partner"
    member = sales.representative(ctx, person)
    status = "Open - Not Contacted"
    if rng.random() < 0.03:  # created in the stage: there is no entry into it
        status = "Working - Contacted"
    if person.company and rng.random() < 0.25:
        ensure_account(ctx, person.company, member.user_id)
    owner = ctx.staff.partner_queue if is_partner else member.user_id
    people.create_lead(ctx, person, member.user_id, owner, Status=status)
    if is_partner:
        later = setting.after_work_minutes(ctx.now, rng.uniform(5, 120))
        ctx.sim.at(later, sales.set_owner, ctx, person, member, ctx.staff.managers[0].user_id)
        touches.join_campaign(ctx, person, "Partner co-marketing", responded=rng.random() < 0.5)
    if status.startswith("Working"):
        ctx.case("L6", person.lead_id)
    if rng.random() < 0.9:
        ctx.sim.at(ctx.now + timedelta(minutes=20), _sync_to_hubspot, ctx, person)
    moment = ctx.now
    for _ in range(rng.randint(1, 4)):
        moment = setting.after_work_minutes(moment, rng.uniform(60, 1500))
        kind = rng.choice(("Call", "Email", "ListEmail"))
        ctx.sim.at(moment, activities.log_task, ctx, person, kind, None)
    replies = OUTBOUND_REPLIES * person.source.quality * sales.FIT_ODDS[person.fit]
    drawn = rng.random()
    if drawn < replies:
        ctx.sim.at(moment, _take_up, ctx, person)
    elif drawn < replies + 0.5:
        turned = rng.choices(("rejected", "recycled", "disqualified"), (60, 30, 10))[0]
        later = setting.after_work_minutes(moment, rng.uniform(480, 480 * 20))
        ctx.sim.at(later, sales.turn_down, ctx, person, None, turned)


def _take_up(ctx: Context, person: Person) -> None:
    """The prospect answered: sales takes the lead up without marketing."""
    if person.is_gone or not person.lead_id:
        return
    lead = ctx.salesforce["Lead"][person.lead_id]
    if lead["Status"] == "Open - Not Contacted" and person.lead_owner:
        by = person.lead_owner if person.lead_owner.startswith("005") else lead["CreatedById"]
        ctx.salesforce.change("Lead", person.lead_id, by, Status="Working - Contacted")
        later = setting.after_work_minutes(ctx.now, person.rng.lognormvariate(7.5, 0.6))
        kind = person.rng.random()
        if kind < 0.68:
            ctx.sim.at(later, sales.convert, ctx, person, person.episode, True)
        elif kind < 0.9:
            ctx.sim.at(later, sales.turn_down, ctx, person, person.episode, "rejected")


def _sync_to_hubspot(ctx: Context, person: Person) -> None:
    if person.is_gone or person.contact_id:
        return
    rng = person.rng
    people.create_contact(
        ctx,
        person,
        "SALESFORCE",
        salesforceleadid=person.lead_id,
        salesforcecontactid=person.sf_contact_id,
    )
    if rng.random() < person.source.hand_raise:
        later = ctx.now + timedelta(days=rng.uniform(0.2, 10))
        ctx.sim.at(_waking(later), _raise_hand, ctx, person)
    plan_interest(ctx, person)


def _draw(person: Person, weights: tuple[tuple[str, int], ...]) -> str:
    return person.rng.choices([row[0] for row in weights], [row[1] for row in weights])[0]


def _waking(moment: datetime) -> datetime:
    """People are on the site by day, and seldom at weekends."""
    if moment.weekday() >= 5 and moment.second % 4:
        moment += timedelta(days=2)
    return _whole(moment.replace(hour=7 + moment.hour * 15 // 24))


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
