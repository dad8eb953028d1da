"""Calls, e-mails and meetings of sales with people, in the system that the colleague works in.

Only records of contact belong here; what they lead to is decided in `sales` and `deals`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.sandbox.company import conversations
from connectors.sandbox.company.context import Context, Member, Person
from connectors.sandbox.company.hubspot_store import hs_time
from connectors.sandbox.company.salesforce_store import sf_time

CALL_CONTACT, EMAIL_CONTACT, TASK_CONTACT = (194, 193), (198, 197), (204, 203)
NO_NOTES = {
    "Objection__c": None,
    "Disqualifying_Criterion__c": None,
    "Content_Used__c": None,
    "Competitor_Claim__c": None,
    "Claim_Countered__c": False,  # a checkbox is never empty
}
IN_HUBSPOT = 0.15  # share of colleagues' first answers that are logged in HubSpot only


def first_touch(ctx: Context, person: Person, accept: bool) -> None:
    """Answer for the first time, and note what rules the person out."""
    if person.is_gone or not (person.lead_id or person.sf_contact_id or person.contact_id):
        return
    rng = person.rng
    ruled_out = not accept and rng.random() < 0.55
    has_record = person.lead_id or person.sf_contact_id
    if person.contact_id and (not has_record or (not ruled_out and rng.random() < IN_HUBSPOT)):
        _hubspot_call(ctx, person)
        return
    kind = "Call" if rng.random() < 0.6 else "Email"
    log_task(ctx, person, kind, None, **conversations.with_a_lead(ctx, person, accept, ruled_out))
    for number in range(rng.choice((0, 0, 1, 2))):
        moment = ctx.now + timedelta(days=number + 1, minutes=rng.randint(-90, 90))
        ctx.sim.at(moment, log_task, ctx, person, rng.choice(("Call", "Email")), None)


def who_of(ctx: Context, person: Person) -> str | None:
    """The record that an activity names: the contact once the lead is converted."""
    return person.sf_contact_id or person.lead_id


def log_task(
    ctx: Context, person: Person, kind: str, deal_id: str | None, **notes: object
) -> str | None:
    """Log a completed call or e-mail in Salesforce."""
    who = who_of(ctx, person)
    if person.is_gone or who is None:
        return None
    owner = _owner(ctx, person, deal_id)
    return ctx.salesforce.create(
        "Task",
        owner,
        WhoId=who,
        WhatId=deal_id,
        Subject="Call" if kind == "Call" else "Email: following up",
        TaskSubtype=kind,
        Status="Completed",
        Priority="Normal",
        IsClosed=True,
        ActivityDate=ctx.now.date().isoformat(),
        CompletedDateTime=sf_time(ctx.now),
        OwnerId=owner,
        **{**NO_NOTES, **notes},
    )


def last_call(ctx: Context, person: Person) -> None:
    """Note what ruled out somebody whom sales had taken up, when it did become clear."""
    notes = conversations.before_no(ctx, person)
    if notes:
        log_task(ctx, person, "Call", None, **notes)


def automated_email(ctx: Context, person: Person) -> None:
    """A sequence writes in a colleague's name, in either system: no human answer."""
    if person.is_gone or person.contact_id is None:
        return
    if person.rng.random() < 0.5:
        member = person.rng.choice(ctx.staff.representatives)
        email_id = ctx.hubspot.create(
            "emails",
            "SEQUENCES",
            hs_timestamp=hs_time(ctx.now),
            hs_email_subject="Thanks for your interest",
            hs_email_direction="EMAIL",
            hs_email_status="SENT",
            hs_sequence_id="7301",
            hubspot_owner_id=member.owner_id,
        )
        join = ("emails", email_id), ("contacts", person.contact_id)
        ctx.hubspot.associate(*join, *EMAIL_CONTACT)
        ctx.case("F2", email_id)
    elif who_of(ctx, person):
        task_id = log_task(ctx, person, "ListEmail", None)
        ctx.case("F2", task_id)


def _hubspot_call(ctx: Context, person: Person) -> None:
    rng = person.rng
    staff = ctx.staff.representatives
    owner = next((m for m in staff if m.user_id == person.lead_owner), rng.choice(staff))
    if rng.random() < 0.7:
        record_id = ctx.hubspot.create(
            "calls",
            hs_timestamp=hs_time(ctx.now),
            hs_call_title="First call",
            hs_call_direction="OUTBOUND",
            hs_call_status="COMPLETED",
            hs_call_duration=str(rng.randint(60, 1500) * 1000),
            hubspot_owner_id=owner.owner_id,
        )
        join, numbers = ("calls", record_id), CALL_CONTACT
    else:
        record_id = ctx.hubspot.create(
            "tasks",
            hs_timestamp=hs_time(ctx.now),
            hs_task_subject="Write to them",
            hs_task_type="EMAIL",
            hs_task_status="COMPLETED",
            hs_task_completion_date=hs_time(ctx.now),
            hubspot_owner_id=owner.owner_id,
        )
        join, numbers = ("tasks", record_id), TASK_CONTACT
    assert person.contact_id
    person.diary.talks[record_id], person.diary.has_ties = ctx.now, True
    ctx.hubspot.associate(join, ("contacts", person.contact_id), *numbers)
    ctx.hubspot.change("contacts", person.contact_id, notes_last_updated=hs_time(ctx.now))


def hold_event(
    ctx: Context, person: Person, deal_id: str | None, start: datetime, **notes: object
) -> None:
    """Put a meeting into Salesforce's calendar; what was learnt is noted when it is over."""
    who = who_of(ctx, person)
    if person.is_gone or who is None:
        return
    owner = _owner(ctx, person, deal_id)
    event_id = ctx.salesforce.create(
        "Event",
        owner,
        WhoId=who,
        WhatId=deal_id,
        Subject="Demo" if deal_id else "Meeting",
        StartDateTime=sf_time(start),
        EndDateTime=sf_time(start + timedelta(minutes=45)),
        ActivityDateTime=sf_time(start),
        ActivityDate=start.date().isoformat(),
        DurationInMinutes=45,
        IsAllDayEvent=False,
        OwnerId=owner,
        **NO_NOTES,
    )
    if notes:
        ctx.sim.at(start + timedelta(minutes=50), _note, ctx, event_id, owner, notes)


def _note(ctx: Context, event_id: str, by: str, notes: dict[str, object]) -> None:
    if not ctx.salesforce["Event"][event_id]["IsDeleted"]:
        ctx.salesforce.change("Event", event_id, by, **notes)


def deal_activity(ctx: Context, person: Person, deal_id: str) -> None:
    """Work on an opportunity: a call, e-mail or demo, with what was learnt from it."""
    if ctx.salesforce["Opportunity"][deal_id]["IsDeleted"]:
        return
    rng, notes = person.rng, conversations.about_a_deal(ctx, person, deal_id)
    if rng.random() < 0.3:
        hold_event(ctx, person, deal_id, ctx.now + timedelta(days=1), **notes)
        return
    log_task(ctx, person, "Call" if rng.random() < 0.55 else "Email", deal_id, **notes)


def _owner(ctx: Context, person: Person, deal_id: str | None) -> str:
    if deal_id:
        return ctx.salesforce["Opportunity"][deal_id]["OwnerId"]
    if person.lead_owner and person.lead_owner.startswith("005") and not person.sf_contact_id:
        return person.lead_owner
    if person.sf_contact_id:
        return ctx.salesforce["Contact"][person.sf_contact_id]["OwnerId"]
    return ctx.staff.representatives[0].user_id


def member_of(ctx: Context, user_id: str) -> Member | None:
    """The colleague behind a Salesforce user."""
    staff = ctx.staff
    for team in (staff.executives, staff.representatives, staff.managers):
        for member in team:
            if member.user_id == user_id:
                return member
    return None
