"""Who plays in the rare stories: an invented walk-on, or somebody who is there already."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from connectors.sandbox.company import people
from connectors.sandbox.company.context import Company, Context, Person
from connectors.sandbox.company.vocabulary import SOURCES, Source

FIRST_NUMBER = 20_000_000


def walk_on(ctx: Context, number: int, source: Source = SOURCES[0]) -> Person:
    """Somebody new at a company in the ICP that has no deal yet, known to HubSpot."""
    company = quiet_company(ctx, number)
    rng = Random(f"{ctx.seed}/walk-on/{number}")
    person = people.plain_person(ctx, rng, FIRST_NUMBER + number, source, company)
    ctx.people.append(person)
    people.create_contact(ctx, person, "FORM")
    return person


def quiet_company(ctx: Context, number: int) -> Company:
    """A company in the ICP without deals; different numbers give different ones where possible."""
    quiet = [
        company
        for company in ctx.companies
        if company.fit == "fit" and not company.customer_since and not company.open_deals
    ]
    return quiet[-1 - number % len(quiet)]


def someone(ctx: Context, test: Callable[[Person], bool]) -> Person | None:
    """The last to come in, of those who pass the test."""
    return next((p for p in reversed(ctx.people) if not p.is_gone and test(p)), None)
