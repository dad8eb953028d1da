"""Rare stories of a deal's currency: one without a rate, one that was the wrong one."""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.company import deal_mirror, deal_steps
from connectors.sandbox.company.context import Context
from connectors.sandbox.company.edge_deals import day_of, later, put, scripted
from connectors.sandbox.company.edge_people import walk_on
from connectors.sandbox.company.vocabulary import COUNTRIES


def plant(ctx: Context) -> None:
    """Plan all stories."""
    for number, at in enumerate((day_of(2025, 5, 23), day_of(2026, 2, 6), day_of(2026, 6, 12))):
        ctx.sim.at(at, _franc_deal, ctx, 380 + number)
    ctx.sim.at(day_of(2026, 1, 20), _wrong_currency, ctx, 392)
    ctx.sim.at(day_of(2025, 10, 14), _billed_elsewhere, ctx, 393)


def _franc_deal(ctx: Context, number: int) -> None:
    """A currency for which nobody keeps a rate."""
    person = walk_on(ctx, number)
    person.country = next(country for country in COUNTRIES if country[2] == "CHF")
    deal = scripted(ctx, person)
    later(ctx, 44, deal_steps.shut, deal, "lost")
    ctx.case("O6", deal.opportunity_id)


def _wrong_currency(ctx: Context, number: int) -> None:
    """An opportunity in pipeline gets another currency and amount, and is won."""
    person = walk_on(ctx, number)
    deal = scripted(ctx, person)
    later(ctx, 15, put, deal, {"CurrencyIsoCode": _other(person.country[2]), "Amount": 31_000})
    later(ctx, 50, deal_steps.shut, deal, "won")
    ctx.case("O6", deal.opportunity_id)


def _billed_elsewhere(ctx: Context, number: int) -> None:
    """A deal of HubSpot alone, closed since, gets another currency under the same number."""
    person = walk_on(ctx, number)
    deal_id = deal_mirror.open_native(ctx, person, 22_000)
    currency = _other(person.country[2])
    ctx.sim.at(
        ctx.now + timedelta(days=120),
        lambda: ctx.hubspot.change("deals", deal_id, deal_currency_code=currency),
    )
    ctx.case("O6", deal_id)


def _other(currency: str) -> str:
    return "USD" if currency == "EUR" else "EUR"
