"""What each human really was: attempts, MQL, the decision of sales, the first answer.

Told from the diaries in the order of time, by the words of the agreement (`definitions.md`); no
record, no model and no answer of an API is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Person
from connectors.sandbox.company.deal_diary import CompanyDiary, DealDiary
from connectors.sandbox.company.diary import Signal, Status
from connectors.sandbox.company.vocabulary import TEAMS

CLOSING = ("rejected", "recycled", "disqualified", "converted")
WINDOW = timedelta(days=setting.SCORE_DAYS)
LAPSE = timedelta(days=setting.LAPSE_DAYS)
HOURS_TO_RESPOND = {"hand_raise": 4, "score": 8}
DAYS_TO_DECIDE = 5


@dataclass
class Attempt:
    """One qualification attempt as it really went."""

    number: int
    opened_at: datetime
    signals: list[Signal] = field(default_factory=list)
    is_taken_up: bool = False  # a colleague accepted while it was open: it does not lapse
    closed_at: datetime | None = None
    closed_by: str | None = None
    mql_at: datetime | None = None
    trigger: str | None = None
    decision: str | None = None
    decided_at: datetime | None = None
    owner: str | None = None
    waits_for_owner: bool = False
    reason: str | None = None
    revisit_on: str | None = None


@dataclass
class Life:
    """A human's story up to a moment."""

    person: Person
    deals: Mapping[str, DealDiary]
    users: frozenset[str]  # colleagues: neither queues nor machines
    as_of: datetime
    attempts: list[Attempt] = field(default_factory=list)
    has_status: bool = False

    def __post_init__(self) -> None:
        """Live through everything, one moment after the other."""
        moments: dict[datetime, list[Any]] = defaultdict(list)
        for event in self._events():
            if event[0] <= self.as_of:
                moments[event[0]].append(event)
        for now in sorted(moments):
            self._live(now, moments[now])
        self._lapse(self.as_of)

    @property
    def open(self) -> Attempt | None:
        """The attempt under way."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and last.closed_at is None else None

    @property
    def accounts(self) -> list[CompanyDiary]:
        """Where the person belongs, the newest last."""
        diary, company = self.person.diary, self.person.company
        return [one for one in (company and company.diary, diary.own_account) if one]

    def _events(self) -> Iterator[Any]:
        diary = self.person.diary
        yield from diary.signals
        yield from self.statuses()
        for account in self.accounts:
            yield from account.fits
            yield from account.customer
        yield from diary.owners
        for role in diary.roles:
            yield from self.deals[role.deal_id].steps(self.as_of)

    def _live(self, now: datetime, events: list[Any]) -> None:
        self._lapse(now)
        signals = [event for event in events if isinstance(event, Signal)]
        changes = [event for event in events if isinstance(event, Status)]
        changes.sort(key=lambda change: change.kind in CLOSING)
        if signals and not self.open:
            self.attempts.append(Attempt(len(self.attempts) + 1, now))
        attempt = self.open
        if attempt:
            attempt.signals += signals
            if signals or not any(change.kind in CLOSING for change in changes):
                self._qualify(attempt, now)
            if attempt.waits_for_owner and self.owner_at(now) in self.users:
                self._decide(attempt, "accepted", now)
        for change in changes:
            self.has_status = True
            if self.open:
                self._change(self.open, change)

    def _lapse(self, now: datetime) -> None:
        attempt = self.open
        if attempt and not attempt.is_taken_up and now >= attempt.signals[-1].at + LAPSE:
            attempt.closed_at, attempt.closed_by = attempt.signals[-1].at + LAPSE, "lapsed"

    def _qualify(self, attempt: Attempt, now: datetime) -> None:
        if attempt.mql_at:
            return
        recent = [signal for signal in attempt.signals if signal.at > now - WINDOW]
        by_line: dict[str, list[int]] = defaultdict(list)
        for signal in recent:
            by_line[signal.line].append(signal.points)
        score = sum(sum(points[: setting.SAME_KIND_MAX]) for points in by_line.values())
        raised = any(signal.is_hand_raise for signal in recent)
        if (
            (raised or score >= setting.SCORE_BAR)
            and self.fit_at(now) != "not_fit"
            and not self.is_customer(now)
            and not self.is_excluded_at(now)
            and not self.is_in_deal(now)
        ):
            attempt.mql_at, attempt.trigger = now, "hand_raise" if raised else "score"

    def _change(self, attempt: Attempt, change: Status) -> None:
        is_user = change.by in self.users
        if change.kind == "accepted" and is_user:
            attempt.is_taken_up = True
        attempt.waits_for_owner = False
        if change.kind in ("accepted", "converted"):
            if is_user and attempt.mql_at and not attempt.decision:
                owner = self.owner_at(change.at)
                if owner is None or owner in self.users:
                    self._decide(attempt, "accepted", change.at)
                else:
                    attempt.waits_for_owner = change.kind == "accepted"
        elif change.kind in CLOSING and attempt.mql_at and not attempt.decision:
            self._decide(attempt, change.kind, change.at)
        if change.kind in CLOSING:
            attempt.closed_at, attempt.closed_by = change.at, change.kind
            attempt.reason, attempt.revisit_on = change.reason, change.revisit_on

    def _decide(self, attempt: Attempt, decision: str, now: datetime) -> None:
        attempt.decision, attempt.decided_at, attempt.waits_for_owner = decision, now, False
        attempt.owner = self.owner_at(now) if decision == "accepted" else None

    def is_excluded_at(self, now: datetime) -> bool:
        """Whether a rule left the person out then: always, or as a partner."""
        domain = self.person.email.partition("@")[2]
        is_partner = domain in setting.PARTNER_DOMAINS and now >= setting.PARTNERS_LEFT_OUT_FROM
        return self.person.is_excluded or is_partner

    def owner_at(self, now: datetime) -> str | None:
        """Who had the person."""
        owners = [owner for at, owner in self.person.diary.owners if at <= now]
        return owners[-1] if owners else None

    def fit_at(self, now: datetime) -> str:
        """What was known of the person's account."""
        for account in reversed(self.accounts):
            fits = [fit for at, fit in account.fits if at <= now]
            if fits:
                return fits[-1]
        return "insufficient_data"

    def is_customer(self, now: datetime) -> bool:
        """Whether the account had bought; a deal of the person's own from its beginning on."""
        yet_to_come = {
            role.deal_id
            for role in self.person.diary.roles
            if self.deals[role.deal_id].created_at >= now
        }
        accounts = [one for one in self.accounts if any(at <= now for at, _ in one.fits)]
        bought = accounts[-1].customer if accounts else []
        return any(at <= now and deal not in yet_to_come for at, deal in bought)

    def is_in_deal(self, now: datetime) -> bool:
        """Whether the person took part in a deal that was open then, or in no agreed stage yet."""
        deals = [self.deals[role.deal_id] for role in self.person.diary.roles if role.at <= now]
        return any(deal.is_open_at(now) or not deal.steps(now) for deal in deals)

    def source(self) -> tuple[str, str]:
        """Where the person came from as the systems could know it, and whose that is."""
        source = self.person.source
        name = source.name
        if source.analytics in ("OFFLINE", None) and not self.person.diary.is_offline_known:
            name = "Unknown" if source.analytics else "Not recorded"
        return name, TEAMS.get(name, "marketing")

    def statuses(self) -> list[Status]:
        """Lead statuses; where there is none to tell, taking part in a new deal is acceptance."""
        told = sorted(self.person.diary.statuses, key=lambda status: status.at)
        told = [status for status in told if status.at <= self.as_of]
        extra = [
            Status(role.at, "accepted", role.by, None, None)
            for role in self.person.diary.roles
            if role.by and self.deals[role.deal_id].is_new_business
            if not told or (told[-1].kind == "converted" and role.at > told[-1].at)
        ]
        return sorted([*told, *extra], key=lambda status: status.at)
