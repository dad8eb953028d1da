"""What each deal really was: pipeline or not, since when, for how much, from which source, its end.

Told from the diaries by the words of the agreement (`definitions.md`); no record, no model and no
answer of an API is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Person
from connectors.sandbox.company.deal_diary import DealDiary
from connectors.sandbox.company.truth_people import Attempt, Life
from connectors.sandbox.company.vocabulary import LOSS_REASONS, SOURCES, TEAMS

LEADS_FOR = timedelta(days=90)
AMOUNT_WITHIN = timedelta(days=30)
LATE_CONTACT = timedelta(days=30)
OPEN = ("not_accepted", "accepted")


@dataclass(frozen=True)
class Course:
    """The course of a deal up to a moment."""

    deal: DealDiary
    as_of: datetime
    rates: Mapping[str, list[tuple[str, float]]]

    @property
    def steps(self) -> list[tuple[datetime, str]]:
        """When it became what."""
        return self.deal.steps(self.as_of)

    @property
    def accepted_at(self) -> datetime | None:
        """First entry into a stage that sales had agreed to call accepted, or won."""
        return next((at for at, kind in self.steps if kind in ("accepted", "won")), None)

    @property
    def is_first_accepted(self) -> bool:
        """Whether no stage before acceptance came first, be it for less than a second."""
        return self.steps[0][1] != "not_accepted"

    @property
    def is_unrecorded(self) -> bool:
        """Whether its beginning lies before field history was switched on."""
        return self.deal.system == "salesforce" and self.deal.created_at < setting.TRACKING_SINCE

    @property
    def outcome(self) -> str:
        """How it ended, or that it is open."""
        kind = self.steps[-1][1]
        if kind in OPEN:
            return "open"
        return "unqualified" if kind == "lost" and not self.accepted_at else kind

    @property
    def closed_at(self) -> datetime | None:
        """When it entered the end it is in now."""
        if self.outcome == "open":
            return None
        steps = self.steps
        last = len(steps) - 1
        while last and steps[last - 1][1] == steps[last][1]:
            last -= 1
        return steps[last][0]

    @property
    def is_reopened(self) -> bool:
        """Whether it was over once and went on, be it to another end at once."""
        kinds = [kind for _, kind in self.steps]
        on = (*OPEN, "won", "lost")
        return any(a not in OPEN and b in on and b != a for a, b in pairwise(kinds))

    @property
    def is_pipeline(self) -> bool:
        """New business that sales accepted, and no duplicate."""
        removed = self.steps[-1][1] == "removed"
        return self.deal.is_new_business and not removed and self.accepted_at is not None

    def amount_from(
        self, start: datetime, within: timedelta | None = AMOUNT_WITHIN
    ) -> tuple[float, datetime] | None:
        """The amount at a moment, else the first one given soon after, and since when it counts."""
        amounts = [one for one in self.deal.amounts if one[0] <= self.as_of]
        then = [amount for at, amount in amounts if at <= start]
        if then and then[-1] is not None:
            return float(then[-1]), start
        for at, amount in amounts:
            if at > start and amount is not None and (within is None or at <= start + within):
                return float(amount), at
        return None

    def worth(self, start: datetime, within: timedelta | None = AMOUNT_WITHIN) -> float | None:
        """`amount_from` in dollars at the rate of that day, unknown where nobody keeps a rate."""
        given = self.amount_from(start, within)
        if given is None:
            return None
        amount, given_at = given
        currency = self.deal.currency_at(given_at)
        if currency == "USD":
            return amount
        known = [
            rate
            for day, rate in self.rates.get(currency, ())
            if date.fromisoformat(day) <= start.date()
        ]
        return amount / known[-1] if known else None

    def worth_at_end(self) -> float | None:
        """What it was won for; of all others what entered pipeline."""
        if self.outcome == "won" and self.closed_at:
            return self.worth(self.closed_at, within=None)
        return self.worth(self.accepted_at) if self.accepted_at else None

    def owner_at(self, now: datetime) -> str:
        """Who had the deal."""
        return [owner for at, owner in self.deal.owners if at <= now][-1]

    def moves(self) -> tuple[int, int]:
        """How often its close date moved later while it was open, and out of its quarter."""
        pushes = slips = 0
        dates = [one for one in self.deal.close_dates if one[0] <= self.as_of]
        for (_, before), (at, after) in pairwise(dates):
            if self.deal.is_open_at(at):
                pushes += after > before
                slips += quarter(after) > quarter(before)
        return pushes, slips

    def end(self) -> tuple[str | None, str | None]:
        """Why it was lost and who was in the way, in the agreed words."""
        reason = None
        if self.outcome == "lost":
            reason = self.deal.loss_reason or "No reason given"
        elif self.outcome == "unqualified":
            reason = self.deal.loss_reason
        assert reason in (None, "No reason given", *LOSS_REASONS)
        competitor = self.deal.competitor
        return reason, "Built in-house" if competitor == "In-house" else competitor

    def led(self, lives: Mapping[int, Life]) -> tuple[Life, Attempt, datetime] | None:
        """The attempt that led to it: nearest before its creation, else the first one after."""
        created = self.deal.created_at
        found = []
        for person in self.linked():
            life = lives[person.number]
            for attempt in life.attempts:
                raised = [s.at for s in attempt.signals if s.is_hand_raise and s.at <= created]
                moments = [attempt.mql_at] if attempt.mql_at and attempt.mql_at <= created else []
                if moments or raised:
                    stands = attempt.mql_at or raised[-1]
                    led = max([*moments, *raised])
                    found.append((0, -stands.timestamp(), life, attempt, led))
                elif attempt.mql_at:
                    found.append((1, attempt.mql_at.timestamp(), life, attempt, attempt.mql_at))
        if not found:
            return None
        _, _, life, attempt, led = min(found, key=lambda one: one[:2])
        return life, attempt, led

    def linked(self) -> list[Person]:
        """Whom it is about: the converted lead, else the primary role, else the earliest one.

        Who joins after it was accepted counts only when nobody was there before.
        """
        if self.deal.converted:
            return [self.deal.converted]
        roles = [(role, person) for role, person in self.deal.roles if role.at <= self.as_of]
        then = self.accepted_at or self.as_of
        roles = [(role, person) for role, person in roles if role.at <= then] or roles
        primary = [person for role, person in roles if role.is_primary]
        if primary or not roles:
            return primary
        earliest = min(role.at for role, _ in roles)
        return [person for role, person in roles if role.at == earliest]

    def source(self, lives: Mapping[int, Life]) -> tuple[str, str, str]:
        """Source, team, and which rule says so."""
        led = self.led(lives)
        if led and self.deal.created_at - LEADS_FOR <= led[2] <= self.deal.created_at:
            name, team = led[0].source()
            rule = "episode"
        else:
            names = {one.lead_source: one.name for one in SOURCES if one.lead_source}
            names["Web"] = "Direct"  # all that Salesforce says of whoever came by the site
            said = self.deal.lead_source
            name = names.get(said, "Unmapped") if said else "Not recorded"
            team, rule = TEAMS.get(name, "marketing"), "opportunity"
        return name, team, "unknown" if name in ("Unknown", "Not recorded") else rule


def quarter(day: date) -> int:
    """Number of the fiscal quarter, which is the calendar's."""
    return day.year * 4 + (day.month - 1) // 3
