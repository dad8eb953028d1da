"""A simulated B2B software company: seeded records of both vendors, and its own truth apart.

`build` gives the world that the local CRM shows; `build_with_truth` also what really happened.
The numbers to change are in `setting` and `vocabulary`; the story starts in `journey.arrive`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from connectors.sandbox.company import (
    accounts,
    edge_cases,
    edge_currencies,
    edge_deals,
    edge_removals,
    journey,
    people,
    qualification,
    reference,
    setting,
    telling,
)
from connectors.sandbox.company.context import Context
from connectors.sandbox.company.hubspot_store import HubSpot
from connectors.sandbox.company.ids import IdCounter
from connectors.sandbox.company.salesforce_store import Salesforce
from connectors.sandbox.company.setting import START_CLOCK
from connectors.sandbox.company.simulation import Simulation
from connectors.sandbox.company.truth import Truth
from connectors.sandbox.world import World

__all__ = ["START_CLOCK", "build", "build_with_truth"]


def build(size: str, seed: int = 1, start: datetime = START_CLOCK) -> World:
    """Simulate the company; the world's clock stands at `start`, later changes wait in it."""
    return build_with_truth(size, seed, start)[0]


def build_with_truth(
    size: str, seed: int = 1, start: datetime = START_CLOCK
) -> tuple[World, Truth]:
    """Simulate the company and tell what really happened in it until `start`."""
    with _no_collection():
        return _simulate(size, seed, start)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing that is built is garbage; searching for some would take a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _simulate(size: str, seed: int, start: datetime) -> tuple[World, Truth]:
    world, truth, chosen = World(), Truth(), setting.size_of(size)
    sim, ids = Simulation(setting.BEGIN), IdCounter()
    ctx = Context(
        sim=sim,
        salesforce=Salesforce(world, sim, ids, setting.TRACKING_SINCE),
        hubspot=HubSpot(world, sim, ids),
        rng=Random(f"{seed}/{size}"),
        seed=seed,
        truth=truth,
        judge=lambda people: qualification.evaluate_company(ctx, people),
    )
    ctx.salesforce.witness = lambda *told: ctx.diary.in_salesforce(sim.now, *told)
    ctx.hubspot.witness = lambda *told: ctx.diary.in_hubspot(sim.now, *told)
    reference.set_up(ctx)
    accounts.make_companies(ctx, chosen.accounts)
    accounts.make_legacy_customers(ctx, chosen.legacy_customers)
    accounts.plan_changes(ctx)
    for number, moment in enumerate(people.arrivals(ctx, chosen.people)):
        sim.at(moment + timedelta(seconds=number % 60), journey.arrive, ctx, number)
    edge_cases.plant(ctx)
    edge_deals.plant(ctx)
    edge_currencies.plant(ctx)
    edge_removals.plant(ctx)
    sim.run_until(start)
    telling.tell(ctx, start)
    ctx.salesforce.show_all()
    ctx.hubspot.show_all()
    sim.run_until(setting.END)
    world.advance_to(start)
    return world, truth
