"""What sales does with a person who was handed over: route, call, decide, convert.

The odds are at the top; touches before that are in `touches`, opportunities in `deals`.
"""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.company import activities, deals, people, sales_without_lead, setting
from connectors.sandbox.company.context import Context, Episode, Member, Person
from connectors.sandbox.company.verdicts import (
    FIT_ODDS,
    OPPORTUNITY,
    mirror_status,
    reason_for,
    will_accept,
)

UNDECIDED, LATE, UNTOUCHED, STUCK_IN_QUEUE = 0.06, 0.08, 0.04, 0.02
RESPONSE_MINUTES = {True: (55, 1.0), False: (120, 1.0)}  # hand-raise or not: median, spread
DECIDED_STATUSES = {
    "rejected": (("Closed - Not Converted", 7), ("Unqualified", 3)),
    "recycled": (("Nurture", 7), ("Recycled", 3)),
    "disqualified": (("Disqualified", 1),),
}


def hand_over(ctx: Context, person: Person, episode: Episode) -> None:
    """Marketing's system passes the person on within minutes."""
    delay = timedelta(seconds=person.rng.randint(60, 600))
    ctx.sim.at(ctx.now + delay, _sync, ctx, person, episode)


def _sync(ctx: Context, person: Person, episode: Episode) -> None:
    if person.is_gone or person.contact_id is None:
        return
    rng, by = person.rng, ctx.staff.integration
    ctx.hubspot.change(
        "contacts", person.contact_id, "WORKFLOWS", lifecyclestage="marketingqualifiedlead"
    )
    if person.sf_contact_id:
        ctx.case("I4", person.sf_contact_id)
        later = _work_time(ctx, rng.lognormvariate(5.0, 0.8))
        ctx.sim.at(later, sales_without_lead.executive_answers, ctx, person, episode)
        return
    if person.lead_id is None:
        if rng.random() < 0.03:  # the sync failed: sales works in HubSpot
            ctx.sim.at(
                _work_time(ctx, 60), sales_without_lead.work_in_hubspot, ctx, person, episode
            )
            return
        people.create_lead(ctx, person, by, ctx.staff.queue)
    else:
        status = ctx.salesforce["Lead"][person.lead_id]["Status"]
        if status == "Working - Contacted":
            return  # somebody is on it already
        ctx.salesforce.change("Lead", person.lead_id, by, Status="Open - Not Contacted")
    mirror_status(ctx, person, "Open - Not Contacted")
    kind = rng.random()
    if person.lead_owner and person.lead_owner.startswith("005"):
        _plan_work(ctx, person, episode)
    elif kind < STUCK_IN_QUEUE or person.is_forgotten:
        ctx.case("F1", person.lead_id)
    elif kind < 0.9:
        ctx.sim.at(_work_time(ctx, rng.uniform(1, 15)), _assign, ctx, person, episode, True)
    else:
        ctx.sim.at(_work_time(ctx, rng.uniform(40, 300)), _assign, ctx, person, episode, False)


def _assign(ctx: Context, person: Person, episode: Episode, routed: bool) -> None:
    if person.is_gone:
        return
    by = ctx.staff.automation if routed else person.rng.choice(ctx.staff.managers).user_id
    set_owner(ctx, person, representative(ctx, person), by)
    _plan_work(ctx, person, episode)


def representative(ctx: Context, person: Person, shift: int = 0) -> Member:
    """Who takes this person's lead: round robin over those who still work here."""
    active = [member for member in ctx.staff.representatives if member.is_active]
    return active[(person.number + shift) % len(active)]


def set_owner(ctx: Context, person: Person, member: Member, by: str) -> None:
    """Give the lead to a colleague, in both systems; without a lead, the contact in HubSpot."""
    person.lead_owner = member.user_id
    if person.lead_id:
        ctx.salesforce.change("Lead", person.lead_id, by, OwnerId=member.user_id)
    if person.contact_id:
        source = "SALESFORCE" if person.lead_id else "CRM_UI"
        ctx.hubspot.change("contacts", person.contact_id, source, hubspot_owner_id=member.owner_id)


def _plan_work(ctx: Context, person: Person, episode: Episode) -> None:
    rng = person.rng
    if rng.random() < UNTOUCHED:
        ctx.case("F4", person.lead_id)
        return
    if rng.random() < 0.03:  # handed to somebody else before anyone called
        ctx.sim.at(_work_time(ctx, 30), _reassign, ctx, person)
    if rng.random() < 0.25:  # a sequence writes at once; that is no answer
        ctx.sim.at(ctx.now + timedelta(minutes=5), activities.automated_email, ctx, person)
    median, spread = RESPONSE_MINUTES[episode.hand_raised_at is not None]
    minutes = median * rng.lognormvariate(0, spread)
    touched = _work_time(ctx, minutes)
    kind = rng.random()
    wait = rng.lognormvariate(6.0, 0.8)
    if kind < LATE:
        wait += 5 * 480
    will = will_accept(person)
    ctx.sim.at(touched, activities.first_touch, ctx, person, will)
    if rng.random() >= UNDECIDED:
        decided = setting.after_work_minutes(touched, wait)
        ctx.sim.at(decided, decide, ctx, person, episode, will)


def _reassign(ctx: Context, person: Person) -> None:
    if person.is_gone or not person.lead_id or _is_converted(ctx, person):
        return
    ctx.case("F5", person.lead_id)
    manager = person.rng.choice(ctx.staff.managers).user_id
    set_owner(ctx, person, representative(ctx, person, 1), manager)


def decide(ctx: Context, person: Person, episode: Episode, accept: bool) -> None:
    """Accept the lead, or send it back with a reason."""
    if person.is_gone or not person.lead_id or _is_converted(ctx, person):
        return
    if episode.decision or episode.accepted_at:
        return
    if not accept:
        kind = person.rng.choices(("rejected", "recycled", "disqualified"), (60, 29, 11))[0]
        turn_down(ctx, person, episode, kind)
        return
    owner = person.lead_owner or ctx.staff.queue
    by = owner if owner.startswith("005") else ctx.staff.managers[0].user_id
    if person.rng.random() < 0.004:  # a status that no mapping knows
        ctx.salesforce.change("Lead", person.lead_id, by, Status="Waiting on Legal")
        ctx.case("L8", person.lead_id)
        return
    ctx.salesforce.change("Lead", person.lead_id, by, Status="Working - Contacted")
    mirror_status(ctx, person, "Working - Contacted")
    if episode.mql_at:
        episode.accepted_at = episode.decided_at = ctx.now
    _plan_after_acceptance(ctx, person, episode)


def _plan_after_acceptance(ctx: Context, person: Person, episode: Episode) -> None:
    rng = person.rng
    later = _work_time(ctx, rng.lognormvariate(7.2, 0.6))
    odds = OPPORTUNITY * person.source.quality**0.35 * FIT_ODDS[person.fit]
    kind = rng.random()
    if kind < odds:
        ctx.sim.at(later, convert, ctx, person, episode, True)
    elif kind < odds + 0.05:
        ctx.sim.at(later, convert, ctx, person, episode, False)
    elif kind < odds + 0.05 + (1 - odds) * 0.75:
        turned = "rejected" if rng.random() < 0.6 else "recycled"
        ctx.sim.at(later, turn_down, ctx, person, episode, turned)


def turn_down(ctx: Context, person: Person, episode: Episode | None, kind: str) -> None:
    """Reject, recycle or disqualify; most of the time with a reason."""
    if person.is_gone or not person.lead_id or _is_converted(ctx, person):
        return
    rng, episode = person.rng, episode or person.episode
    statuses = DECIDED_STATUSES[kind]
    status = rng.choices([row[0] for row in statuses], [row[1] for row in statuses])[0]
    reason = reason_for(ctx, person, kind) if rng.random() < 0.88 else None
    revisit = ctx.now.date() + timedelta(days=rng.choice((60, 90, 120, 180)))
    by = person.lead_owner or ""
    if episode and episode.accepted_at:
        activities.last_call(ctx, person)
    ctx.salesforce.change(
        "Lead",
        person.lead_id,
        by if by.startswith("005") else ctx.staff.managers[0].user_id,
        Status=status,
        Rejection_Reason__c=reason,
        Revisit_On__c=revisit.isoformat() if kind == "recycled" else None,
    )
    mirror_status(ctx, person, status, reason)
    if episode and episode.closed_at is None:
        if episode.mql_at and episode.decision is None and episode.accepted_at is None:
            episode.decided_at = ctx.now
            ctx.case("F6", person.lead_id)
        episode.decision = episode.decision or kind
        episode.closed_at, episode.closed_by = ctx.now, kind


def convert(ctx: Context, person: Person, episode: Episode | None, with_deal: bool) -> None:
    """Convert the lead: account, contact and mostly an opportunity, in one second."""
    if person.is_gone or not person.lead_id or _is_converted(ctx, person):
        return
    owner = person.lead_owner or ""
    by = owner if owner.startswith("005") else ctx.staff.managers[0].user_id
    account_id = people.account_for(ctx, person, by)
    contact_id = person.sf_contact_id or people.create_sf_contact(
        ctx, person, by, account_id, ctx.salesforce["Account"][account_id]["OwnerId"]
    )
    deal_id = deals.open_deal(ctx, person, account_id, by) if with_deal else None
    if deal_id:
        ctx.diary.deals[deal_id].converted = person
    ctx.salesforce.note_history("Lead", person.lead_id, by, "leadConverted")
    ctx.salesforce.change(
        "Lead",
        person.lead_id,
        by,
        Status="Closed - Converted",
        IsConverted=True,
        ConvertedDate=ctx.now.date().isoformat(),
        ConvertedAccountId=account_id,
        ConvertedContactId=contact_id,
        ConvertedOpportunityId=deal_id,
    )
    ctx.case("I1", person.lead_id)
    if person.contact_id:
        ctx.case("I2", person.contact_id)
    person.diary.owners.append((ctx.now, ctx.salesforce["Contact"][contact_id]["OwnerId"]))
    mirror_status(ctx, person, "Closed - Converted")
    if episode and episode.closed_at is None:
        if episode.mql_at and episode.accepted_at is None:
            episode.accepted_at = episode.decided_at = ctx.now
        episode.closed_at, episode.closed_by = ctx.now, "converted"


def _is_converted(ctx: Context, person: Person) -> bool:
    return bool(person.lead_id and ctx.salesforce["Lead"][person.lead_id]["IsConverted"])


def _work_time(ctx: Context, minutes: float):
    return setting.after_work_minutes(ctx.now, minutes)
