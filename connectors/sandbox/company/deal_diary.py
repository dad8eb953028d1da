"""What really happened to a deal, and to the company that it is about; see `diary`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from connectors.sandbox.company.vocabulary import STAGE_KINDS

if TYPE_CHECKING:
    from connectors.sandbox.company.context import Person

Moment = datetime


class Role(NamedTuple):
    """A person begins to take part in a deal. `by` is empty when no user said so."""

    at: Moment
    deal_id: str
    role: str | None
    is_primary: bool
    by: str


@dataclass
class CompanyDiary:
    """What the systems knew of a company, and what made it a customer."""

    fits: list[tuple[Moment, str]] = field(default_factory=list)
    # The deal that was won, None for an account that was called a customer.
    customer: list[tuple[Moment, str | None]] = field(default_factory=list)


@dataclass
class DealDiary:
    """A deal from its opening to its end."""

    deal_id: str
    system: str
    created_at: Moment
    kind: str | None
    currency: str
    lead_source: str | None
    company: CompanyDiary | None
    planned: str | None = None  # how fate wants it to end, unless somebody steps in
    converted: Person | None = None
    stages: list[tuple[Moment, str]] = field(default_factory=list)
    amounts: list[tuple[Moment, float | None]] = field(default_factory=list)
    currencies: list[tuple[Moment, str]] = field(default_factory=list)  # that replaced the first
    close_dates: list[tuple[Moment, date]] = field(default_factory=list)
    owners: list[tuple[Moment, str]] = field(default_factory=list)
    roles: list[tuple[Role, Person]] = field(default_factory=list)
    removed_at: Moment | None = None
    loss_reason: str | None = None
    competitor: str | None = None

    @property
    def is_new_business(self) -> bool:
        """Neither a renewal, nor more for a customer, nor a partner's."""
        return self.kind in (None, "New Business", "newbusiness")

    def currency_at(self, now: Moment) -> str:
        """In which currency its amount was given."""
        return [self.currency, *(code for at, code in self.currencies if at <= now)][-1]

    def steps(self, as_of: Moment) -> list[tuple[Moment, str]]:
        """When the deal became what; a stage that nobody agreed upon changes nothing.

        Two stages in one second count in their order of rank.
        """
        order = list(STAGE_KINDS)
        stages = [step for step in self.stages if step[0] <= as_of and step[1] in STAGE_KINDS]
        stages.sort(key=lambda step: (step[0], order.index(step[1])))
        found = [(at, STAGE_KINDS[stage]) for at, stage in stages]
        if self.removed_at and self.removed_at <= as_of:
            found.append((self.removed_at, "removed"))
        return found

    def is_open_at(self, now: Moment) -> bool:
        """Whether the deal was under way."""
        steps = self.steps(now)
        return bool(steps) and steps[-1][1] in ("not_accepted", "accepted")
