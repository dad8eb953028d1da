"""What the simulated people and companies are, and the one place that all their stories share.

Plain state only: what happens to it is in `journey`, `touches`, `sales` and `deals`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from connectors.sandbox.company.deal_diary import CompanyDiary
from connectors.sandbox.company.diary import Diary, PersonDiary
from connectors.sandbox.company.hubspot_store import HubSpot
from connectors.sandbox.company.salesforce_store import Salesforce
from connectors.sandbox.company.simulation import Simulation
from connectors.sandbox.company.truth import Truth
from connectors.sandbox.company.vocabulary import Source


@dataclass
class Company:
    """A company out there, and what both systems know of it."""

    number: int
    name: str
    domain: str
    industry: tuple[str, str, float, bool]
    employees: int
    country: tuple[str, str, str, float, bool]
    knows_industry: bool = True
    knows_employees: bool = True
    knows_country: bool = True
    account_id: str | None = None
    company_id: str | None = None
    executive: int = 0  # which account executive has it
    customer_since: datetime | None = None
    is_competitor: bool = False
    people: list[Person] = field(default_factory=list)
    open_deals: int = 0
    diary: CompanyDiary = field(default_factory=CompanyDiary)

    @property
    def revenue(self) -> int:
        """Yearly revenue, in whole dollars."""
        return self.employees * 160_000

    @property
    def fit(self) -> str:
        """Tell the agreed ICP by what the systems know."""
        clauses = (
            (self.knows_industry, self.industry[3]),
            (self.knows_employees, 50 <= self.employees <= 5000),
            (self.knows_country, self.country[4]),
        )
        if self.is_competitor or any(known and not good for known, good in clauses):
            return "not_fit"
        return "fit" if all(known for known, _ in clauses) else "insufficient_data"


@dataclass
class Episode:
    """One qualification attempt of a person, as the simulation itself judges it."""

    attempt: int
    opened_at: datetime
    signals: list[tuple[datetime, str, int]] = field(default_factory=list)
    hand_raised_at: datetime | None = None
    handed_over: bool = False
    mql_at: datetime | None = None
    trigger: str | None = None
    accepted_at: datetime | None = None
    decision: str | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass
class Person:
    """A human who becomes known, and the records that stand for them."""

    number: int
    rng: Random
    first: str
    last: str
    title: str
    role: str
    email: str
    source: Source
    company: Company | None
    country: tuple[str, str, str, float, bool]
    is_excluded: bool = False
    contact_id: str | None = None  # HubSpot contact
    lead_id: str | None = None
    sf_contact_id: str | None = None
    lead_owner: str | None = None
    episodes: list[Episode] = field(default_factory=list)
    open_deals: set[str] = field(default_factory=set)
    is_gone: bool = False  # deleted or merged away: nothing more happens
    page_views: int = 0
    is_forgotten: bool = False  # nobody takes the lead out of the queue
    diary: PersonDiary = field(default_factory=PersonDiary)

    @property
    def episode(self) -> Episode | None:
        """The open episode, if there is one."""
        last = self.episodes[-1] if self.episodes else None
        return last if last and last.closed_at is None else None

    @property
    def fit(self) -> str:
        """ICP fit of the person's company; without one there is nothing to judge."""
        return self.company.fit if self.company else "insufficient_data"


@dataclass
class Member:
    """A colleague: a Salesforce user and a HubSpot owner with one e-mail address."""

    user_id: str
    owner_id: str | None
    name: str
    is_active: bool = True


@dataclass
class Staff:
    """Who works at the simulated company."""

    representatives: list[Member] = field(default_factory=list)
    executives: list[Member] = field(default_factory=list)
    managers: list[Member] = field(default_factory=list)
    marketers: list[Member] = field(default_factory=list)
    integration: str = ""
    automation: str = ""
    queue: str = ""
    partner_queue: str = ""


@dataclass
class Context:
    """Everything that a step of the simulation may need."""

    sim: Simulation
    salesforce: Salesforce
    hubspot: HubSpot
    rng: Random
    seed: int
    truth: Truth
    # Judges people again when something else than their own interest changed (`qualification`).
    judge: Callable[[list[Person]], None]
    staff: Staff = field(default_factory=Staff)
    campaigns: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    record_types: dict[str, str] = field(default_factory=dict)
    emails: set[str] = field(default_factory=set)
    companies: list[Company] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    diary: Diary = field(default_factory=Diary)

    @property
    def now(self) -> datetime:
        """The moment being simulated."""
        return self.sim.now

    def case(self, case_id: str, record_id: str | None) -> None:
        """Note that a record shows an edge case of the shared definitions."""
        if record_id:
            self.truth.cases.setdefault(case_id, []).append(record_id)
