"""Rare stories of people and leads, put in on purpose so that every size has each of them.

One function a story, named by what happens; the case's id is that of the shared definitions.
Stories of opportunities are in `edge_deals`; common cases happen by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from connectors.sandbox.company import activities, people, sales, touches
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.edge_people import walk_on
from connectors.sandbox.company.salesforce_store import sf_time
from connectors.sandbox.company.vocabulary import ODD_SOURCE, SOURCES


def plant(ctx: Context) -> None:
    """Plan all stories."""
    stories: tuple[tuple[datetime, Callable[[Context, Person], None]], ...] = (
        (_day(2024, 1, 15), _worked_before_history_starts),
        (_day(2025, 5, 6), _status_goes_back_and_forth),
        (_day(2025, 5, 13), _status_outside_the_mapping),
        (_day(2026, 5, 12), _status_outside_the_mapping),
        (_day(2026, 1, 21), _source_is_overwritten),
        (_day(2025, 3, 4), _called_before_raising_a_hand),
        (_day(2026, 6, 2), _raises_hand_and_stays_in_the_queue),
        (_day(2026, 3, 10), _lead_changes_hands),
        (_day(2026, 4, 14), _contest_is_no_test),
        (_day(2025, 11, 18), _odd_values),
        (_day(2026, 6, 25), _answer_is_logged_late),
        (_day(2026, 3, 31, 23, 59, 59), _downloads),
        (_day(2026, 4, 1, 0, 0, 0), _downloads),
        (_day(2025, 10, 26, 0, 30), _downloads),
        (_day(2025, 10, 26, 1, 30), _downloads),
        (_day(2026, 3, 29, 1, 30), _downloads),
        (_day(2026, 5, 15, 16, 50), _raises_hand_at_the_weekend),
        (_day(2026, 5, 16, 11, 0), _raises_hand_at_the_weekend),
        (_day(2026, 2, 17), _automation_accepts),
    )
    for number, (at, story) in enumerate(stories):
        ctx.sim.at(at, _start, ctx, number, story)
    ctx.sim.at(_day(2026, 1, 27), _source_never_recorded, ctx)
    ctx.sim.at(_day(2025, 9, 9), _source_outside_the_mapping, ctx)


def _start(ctx: Context, number: int, story: Callable[[Context, Person], None]) -> None:
    story(ctx, walk_on(ctx, number))


def _day(*parts: int) -> datetime:
    return datetime(*(parts if len(parts) > 3 else (*parts, 10, 15)), tzinfo=UTC)  # type: ignore[misc, arg-type]


def _worked_before_history_starts(ctx: Context, person: Person) -> None:
    lead_id = _new_lead(ctx, person)
    _later(ctx, 3, _set_status, ctx, lead_id, "Working - Contacted")
    _later(ctx, 120, _set_status, ctx, lead_id, "Nurture")
    ctx.case("L5", lead_id)


def _status_goes_back_and_forth(ctx: Context, person: Person) -> None:
    touches.submit_form(ctx, person, "Request a demo")
    for days, status in ((2, "Working - Contacted"), (4, "Open - Not Contacted")):
        _later(ctx, days, _set_person_status, ctx, person, status)
    _later(ctx, 6, _set_person_status, ctx, person, "Working - Contacted")
    for case in ("L2", "L4"):
        ctx.case(case, person.contact_id)


def _status_outside_the_mapping(ctx: Context, person: Person) -> None:
    lead_id = _new_lead(ctx, person)
    _later(ctx, 2, _set_status, ctx, lead_id, "Waiting on Legal")
    ctx.case("L8", lead_id)


def _source_is_overwritten(ctx: Context, person: Person) -> None:
    """Somebody `corrects` the source after the fact, in both systems."""
    touches.submit_form(ctx, person, "Contact sales")
    _later(ctx, 12, _overwrite_source, ctx, person)
    ctx.case("S1", person.contact_id)


def _overwrite_source(ctx: Context, person: Person) -> None:
    if person.contact_id:
        ctx.hubspot.change("contacts", person.contact_id, hs_analytics_source="PAID_SOCIAL")
    if person.lead_id:
        by = ctx.staff.marketers[1].user_id
        ctx.salesforce.change("Lead", person.lead_id, by, LeadSource="Webinar")


def _source_outside_the_mapping(ctx: Context) -> None:
    person = walk_on(ctx, 91, ODD_SOURCE)
    _new_lead(ctx, person)
    touches.submit_form(ctx, person, "Request a demo")
    ctx.case("S2", person.contact_id)


def _source_never_recorded(ctx: Context) -> None:
    person = walk_on(ctx, 90, next(source for source in SOURCES if source.analytics is None))
    touches.submit_form(ctx, person, "Request a demo")
    ctx.case("S3", person.contact_id)


def _called_before_raising_a_hand(ctx: Context, person: Person) -> None:
    lead_id = _new_lead(ctx, person)
    _later(ctx, 1, activities.log_task, ctx, person, "Call", None)
    _later(ctx, 9, touches.submit_form, ctx, person, "Request a demo")
    ctx.case("F3", lead_id)


def _raises_hand_and_stays_in_the_queue(ctx: Context, person: Person) -> None:
    lead_id = people.create_lead(ctx, person, ctx.staff.integration, ctx.staff.queue)
    person.is_forgotten = True
    touches.submit_form(ctx, person, "Pricing request")
    ctx.case("F1", lead_id)
    ctx.case("F4", lead_id)


def _lead_changes_hands(ctx: Context, person: Person) -> None:
    touches.submit_form(ctx, person, "Request a demo")
    manager = ctx.staff.managers[2].user_id
    for hours in (1, 30):
        member = ctx.staff.representatives[hours % 3]
        ctx.sim.at(ctx.now + timedelta(hours=hours), sales.set_owner, ctx, person, member, manager)
    ctx.case("F5", person.contact_id)


def _contest_is_no_test(ctx: Context, person: Person) -> None:
    assert person.contact_id
    assert person.company
    person.email = f"contest@{person.company.domain}"
    ctx.hubspot.change("contacts", person.contact_id, email=person.email)
    touches.submit_form(ctx, person, "Request a demo")
    ctx.case("X1", person.email)


def _odd_values(ctx: Context, person: Person) -> None:
    """Values that readers of CSV like to change, and text that is not one line."""
    lead_id = _new_lead(ctx, person)
    ctx.salesforce.change(
        "Lead",
        lead_id,
        ctx.staff.representatives[1].user_id,
        LastName="None",
        Name=f"{person.first} None",
        Title="NA",
        PostalCode="00501",
        NumberOfEmployees=0,
        Description='said: "call back"\nafter 5, maybe;\ttab',
    )
    ctx.case("odd", lead_id)


def _answer_is_logged_late(ctx: Context, person: Person) -> None:
    """The call was made in June; it is written down in July."""
    lead_id = _new_lead(ctx, person)
    touches.submit_form(ctx, person, "Request a demo")
    called = sf_time(ctx.now + timedelta(hours=2))
    _later(ctx, 8, _log_past_call, ctx, person, called)
    ctx.case("T5", lead_id)


def _log_past_call(ctx: Context, person: Person, called: str) -> None:
    task_id = activities.log_task(ctx, person, "Call", None)
    if task_id:
        by = ctx.salesforce["Task"][task_id]["OwnerId"]
        ctx.salesforce.change(
            "Task", task_id, by, CompletedDateTime=called, ActivityDate=called[:10]
        )


def _downloads(ctx: Context, person: Person) -> None:
    """A touch on the very edge of a period, or in the hour that a clock change doubles."""
    touches.submit_form(ctx, person, "Whitepaper download")
    ctx.case("T1" if ctx.now.hour in (0, 23) and ctx.now.month != 10 else "T2", person.contact_id)


def _raises_hand_at_the_weekend(ctx: Context, person: Person) -> None:
    touches.submit_form(ctx, person, "Request a demo")
    ctx.case("T3", person.contact_id)


def _automation_accepts(ctx: Context, person: Person) -> None:
    """A flow sets the status by itself: nobody has accepted anything."""
    touches.submit_form(ctx, person, "Request a demo")
    ctx.sim.at(ctx.now + timedelta(minutes=25), _set_by_automation, ctx, person)
    ctx.case("F2", person.contact_id)


def _set_by_automation(ctx: Context, person: Person) -> None:
    if person.lead_id:
        by = ctx.staff.automation
        ctx.salesforce.change("Lead", person.lead_id, by, Status="Working - Contacted")


def _new_lead(ctx: Context, person: Person) -> str:
    member = sales.representative(ctx, person)
    return people.create_lead(ctx, person, ctx.staff.integration, member.user_id)


def _set_status(ctx: Context, lead_id: str, status: str) -> None:
    owner = ctx.salesforce["Lead"][lead_id]["OwnerId"]
    ctx.salesforce.change("Lead", lead_id, owner, Status=status)


def _set_person_status(ctx: Context, person: Person, status: str) -> None:
    if person.lead_id is None or person.is_gone:
        return
    if not ctx.salesforce["Lead"][person.lead_id]["IsConverted"]:
        by = ctx.staff.representatives[1].user_id
        ctx.salesforce.change("Lead", person.lead_id, by, Status=status)


def _later(ctx: Context, days: int, action: Callable[..., object], *args: object) -> None:
    ctx.sim.at(ctx.now + timedelta(days=days), action, *args)
