"""Rare stories of opportunities, put in on purpose so that every size has each of them.

One function a story; stories of people and leads are in `edge_cases`, those of currencies in
`edge_currencies`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from connectors.sandbox.company import (
    accounts,
    deal_mirror,
    deal_steps,
    deals,
    people,
    setting,
    touches,
)
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.deal_steps import Deal
from connectors.sandbox.company.edge_people import quiet_company, walk_on

START = setting.START_CLOCK
FIRST_WALK_ON = 300


def plant(ctx: Context) -> None:
    """Plan all stories; those after START_CLOCK show when the clock is advanced."""
    stories: tuple[tuple[datetime, Callable[[Context, Deal], None]], ...] = (
        (day_of(2024, 2, 6), _began_before_history),
        (day_of(2025, 4, 2), _amount_zero),
        (day_of(2025, 8, 19), _amount_below_zero),
        (day_of(2025, 10, 7), _amount_never_known),
        (day_of(2026, 5, 5), _close_date_absurd),
        (day_of(2026, 2, 10), _close_date_passes),
        (day_of(2025, 12, 9), _reopened),
        (day_of(2026, 3, 17), _owner_changes),
        (day_of(2026, 1, 13), _two_stages_in_one_second),
        (day_of(2025, 7, 15), _steps_back),
        (day_of(2026, 4, 7), _stage_taken_out_of_use),
        (day_of(2025, 9, 16), _duplicate),
        (day_of(2026, 5, 19), _accepted_then_unqualified),
        (day_of(2026, 3, 3), _deleted),
        (START - timedelta(days=12), _deleted_later),
        (START - timedelta(days=20), _amount_changes_later),
        (day_of(2026, 2, 24), _source_differs),
        (day_of(2025, 12, 2), _touched_after_close),
        (day_of(2025, 6, 17), _second_deal_of_a_person),
    )
    for number, (at, story) in enumerate(stories):
        ctx.sim.at(at, _start, ctx, number, story)
    for number, at in enumerate((day_of(2025, 5, 20), day_of(2026, 2, 3), day_of(2026, 6, 9))):
        ctx.sim.at(at, _nobody_known, ctx, 50 + number)
        ctx.sim.at(at + timedelta(days=1), _partner_deal, ctx, 60 + number)
        ctx.sim.at(at + timedelta(days=2), _hubspot_only, ctx, 370 + number)
    ctx.sim.at(day_of(2025, 2, 18), _bought_at_last, ctx)
    ctx.sim.at(day_of(2025, 11, 4), _never_accepted, ctx)


def _start(ctx: Context, number: int, story: Callable[[Context, Deal], None]) -> None:
    story(ctx, scripted(ctx, walk_on(ctx, FIRST_WALK_ON + number)))


def scripted(ctx: Context, person: Person, stage: str = "Qualification") -> Deal:
    """An opportunity whose life is told by its story alone."""
    assert person.company
    by = accounts.executive_of(ctx, person.company).user_id
    account_id = accounts.ensure_account(ctx, person.company, by)
    people.create_sf_contact(ctx, person, by, account_id, by)
    return deals.scripted_deal(ctx, person, account_id, by, stage)


def day_of(year: int, month: int, day: int) -> datetime:
    """When stories of deals begin on a day."""
    return datetime(year, month, day, 13, 20, tzinfo=UTC)


def later(ctx: Context, days: int, action: Callable[..., object], *args: object) -> None:
    """Let something happen some days from now, in working hours."""
    ctx.sim.at(setting.next_work(ctx.now + timedelta(days=days)), action, ctx, *args)


def put(ctx: Context, deal: Deal, fields: dict[str, object]) -> None:
    """Change fields of an opportunity that is open, by its owner."""
    if deal_steps.is_open(ctx, deal):
        by = deal_steps.owner_of(ctx, deal)
        ctx.salesforce.change("Opportunity", deal.opportunity_id, by, **fields)
        deal_mirror.follow(ctx, deal)


def _began_before_history(ctx: Context, deal: Deal) -> None:
    later(ctx, 20, deal_steps.move, deal, "Needs Analysis")
    later(ctx, 60, deal_steps.move, deal, "Proposal/Price Quote")
    later(ctx, 80, deal_steps.shut, deal, "won")
    ctx.case("L5", deal.opportunity_id)


def _amount_zero(ctx: Context, deal: Deal) -> None:
    put(ctx, deal, {"Amount": 0})
    later(ctx, 30, deal_steps.shut, deal, "lost")
    ctx.case("O5", deal.opportunity_id)


def _amount_below_zero(ctx: Context, deal: Deal) -> None:
    put(ctx, deal, {"Amount": -1200})
    later(ctx, 41, deal_steps.shut, deal, "lost")
    ctx.case("O5", deal.opportunity_id)


def _amount_never_known(ctx: Context, deal: Deal) -> None:
    put(ctx, deal, {"Amount": None})
    later(ctx, 33, deal_steps.shut, deal, "lost")
    ctx.case("O4", deal.opportunity_id)


def _close_date_absurd(ctx: Context, deal: Deal) -> None:
    put(ctx, deal, {"CloseDate": "2206-08-31"})
    ctx.case("O8", deal.opportunity_id)


def _close_date_passes(ctx: Context, deal: Deal) -> None:
    put(ctx, deal, {"CloseDate": "2026-04-30"})
    ctx.case("O8", deal.opportunity_id)


def _reopened(ctx: Context, deal: Deal) -> None:
    later(ctx, 25, deal_steps.shut, deal, "lost")
    later(ctx, 46, deal_steps.reopen, deal)


def _owner_changes(ctx: Context, deal: Deal) -> None:
    other = ctx.staff.executives[3].user_id
    later(ctx, 15, put, deal, {"OwnerId": other})
    later(ctx, 50, deal_steps.shut, deal, "won")
    ctx.case("O12", deal.opportunity_id)


def _two_stages_in_one_second(ctx: Context, deal: Deal) -> None:
    later(ctx, 12, _jump, deal)
    ctx.case("L7", deal.opportunity_id)


def _jump(ctx: Context, deal: Deal) -> None:
    deal_steps.move(ctx, deal, "Needs Analysis")
    deal_steps.move(ctx, deal, "Value Proposition")


def _steps_back(ctx: Context, deal: Deal) -> None:
    later(ctx, 9, deal_steps.move, deal, "Proposal/Price Quote")
    later(ctx, 20, deal_steps.move, deal, "Needs Analysis")
    later(ctx, 52, deal_steps.shut, deal, "won")
    ctx.case("L4", deal.opportunity_id)


def _stage_taken_out_of_use(ctx: Context, deal: Deal) -> None:
    later(ctx, 18, put, deal, {"StageName": "Legal Review", "Probability": 80})
    ctx.case("I8", deal.opportunity_id)


def _duplicate(ctx: Context, deal: Deal) -> None:
    later(ctx, 4, deal_steps.shut, deal, "duplicate")


def _never_accepted(ctx: Context) -> None:
    deal = scripted(ctx, walk_on(ctx, 391), "Prospecting")
    later(ctx, 11, deal_steps.shut, deal, "unqualified")


def _accepted_then_unqualified(ctx: Context, deal: Deal) -> None:
    later(ctx, 16, deal_steps.shut, deal, "unqualified")


def _deleted(ctx: Context, deal: Deal) -> None:
    later(ctx, 21, deal_steps.vanish, deal)


def _deleted_later(ctx: Context, deal: Deal) -> None:
    ctx.sim.at(START + timedelta(days=5, hours=1), deal_steps.vanish, ctx, deal)


def _amount_changes_later(ctx: Context, deal: Deal) -> None:
    ctx.sim.at(START + timedelta(days=3), deal_steps.set_amount, ctx, deal, deal.amount + 7_500)
    ctx.sim.at(START + timedelta(days=6), deal_steps.shut, ctx, deal, "won")


def _source_differs(ctx: Context, deal: Deal) -> None:
    """The person came by search; the opportunity says webinar, and later something else."""
    put(ctx, deal, {"LeadSource": "Webinar"})
    later(ctx, 20, put, deal, {"LeadSource": "Partner Referral"})
    ctx.case("S5", deal.opportunity_id)
    ctx.case("S1", deal.opportunity_id)


def _touched_after_close(ctx: Context, deal: Deal) -> None:
    assert deal.person
    ctx.sim.at(ctx.now, touches.view_page, ctx, deal.person, "/product")
    later(ctx, 30, deal_steps.shut, deal, "lost")
    ctx.sim.at(ctx.now + timedelta(days=45), touches.view_page, ctx, deal.person, "/customers")
    ctx.case("A2", deal.opportunity_id)


def _second_deal_of_a_person(ctx: Context, deal: Deal) -> None:
    """One human decides on two deals; they are still one person."""
    later(ctx, 10, _open_second, deal)
    later(ctx, 60, deal_steps.shut, deal, "won")


def _open_second(ctx: Context, deal: Deal) -> None:
    assert deal.person
    account_id = ctx.salesforce["Opportunity"][deal.opportunity_id]["AccountId"]
    second = deals.scripted_deal(ctx, deal.person, account_id, deal_steps.owner_of(ctx, deal))
    later(ctx, 70, deal_steps.shut, second, "lost")


def _nobody_known(ctx: Context, number: int) -> None:
    """An opportunity at an account, without any person on it."""
    deal_id = deals.open_other(ctx, quiet_company(ctx, number), None, "New Business", 0.3)
    ctx.case("A5", deal_id)


def _partner_deal(ctx: Context, number: int) -> None:
    deals.open_other(ctx, quiet_company(ctx, number), None, "Partner", 0.5)


def _hubspot_only(ctx: Context, number: int) -> None:
    person = walk_on(ctx, number)
    deal_mirror.open_native(ctx, person, 18_500)
    ctx.case("hubspot deal", person.contact_id)


def _bought_at_last(ctx: Context) -> None:
    """A prospect in January, a customer in May: judged by what it was at the time."""
    person = walk_on(ctx, 390)
    touches.submit_form(ctx, person, "Newsletter")
    deal = scripted(ctx, person)
    later(ctx, 80, deal_steps.shut, deal, "won")
    ctx.sim.at(ctx.now + timedelta(days=120), touches.submit_form, ctx, person, "Request a demo")
    ctx.case("X2", person.contact_id)
