"""What a rule would have been right about: precision, recall, wins and pipeline kept.

Pure arithmetic on a cohort. A threshold is chosen on older quarters and judged on later ones that
nobody looked at; a quarter whose outcomes are not complete is not judged at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboards.intervals import FEW, wilson
from review.backtest.cohort import Cohort, Deal, Person

HOLD_OUT = 2  # quarters
STEP = 5
# A proposal may not lose more than this share of what the rule in force keeps.
KEEP = 0.95


@dataclass(frozen=True)
class Share:
    """A rate with its counts and its 95 % interval; without any record it is not known."""

    hits: float
    total: float

    @property
    def value(self) -> float | None:
        """The rate."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's."""
        return wilson(self.hits, self.total) if self.total else None

    @property
    def is_weak(self) -> bool:
        """Too few records to lean on."""
        return self.total < FEW


@dataclass(frozen=True)
class Verdict:
    """One threshold on some quarters."""

    minimum_score: int
    passed: int
    precision: Share
    recall: Share
    base_rate: Share
    wins: Share
    pipeline: Share

    @property
    def lift(self) -> float | None:
        """How much oftener sales accepts whom the rule passes than anybody it decided on."""
        if not self.precision.total or not self.base_rate.value:
            return None
        return (self.precision.value or 0) / self.base_rate.value


@dataclass(frozen=True)
class Split:
    """Quarters to choose on, to judge on, and those that cannot be measured yet."""

    older: tuple[str, ...]
    later: tuple[str, ...]
    not_yet: tuple[str, ...]


def quarters(cohort: Cohort) -> Split:
    """The mature quarters in two, the later ones kept for the verdict."""
    mature = [quarter for quarter in cohort.quarters if cohort.is_mature(quarter)]
    held = HOLD_OUT if len(mature) >= 2 * HOLD_OUT else len(mature) // 2
    at = len(mature) - held
    not_yet = tuple(quarter for quarter in cohort.quarters if quarter not in mature)
    return Split(tuple(mature[:at]), tuple(mature[at:]), not_yet)


def judged(
    cohort: Cohort, minimum_score: int, within: Iterable[str], lookback: int = 60
) -> Verdict:
    """One threshold on some quarters."""
    chosen = set(within)
    people = [person for person in cohort.people if person.quarter in chosen]
    passed = [person for person in people if person.passes(minimum_score, lookback)]
    names = {person.person_id for person in passed}
    deals = deals_of(cohort, people)
    kept = [deal for deal in deals if deal.persons & names]
    accepted = sum(person.is_accepted for person in people)
    right = sum(person.is_accepted for person in passed)
    return Verdict(
        minimum_score=minimum_score,
        passed=len(passed),
        precision=Share(right, len(passed)),
        recall=Share(right, accepted),
        base_rate=Share(accepted, len(people)),
        wins=Share(sum(deal.is_won for deal in kept), sum(deal.is_won for deal in deals)),
        pipeline=Share(sum(deal.pipeline for deal in kept), sum(deal.pipeline for deal in deals)),
    )


def deals_of(cohort: Cohort, people: Sequence[Person]) -> list[Deal]:
    """The deals that grew out of these conversations."""
    names = {person.person_id for person in people}
    return [deal for deal in cohort.deals if deal.persons & names]


def thresholds(cohort: Cohort, current: int) -> list[int]:
    """The thresholds worth trying, in steps; the one in force among them."""
    highest = max((person.score_60 for person in cohort.people), default=0)
    top = min(200, int(max(highest, current * 2)))
    return sorted({*range(STEP, top + 1, STEP), current})


def curve(cohort: Cohort, current: int, within: Iterable[str], lookback: int = 60) -> list[Verdict]:
    """Every threshold on some quarters."""
    chosen = tuple(within)
    return [judged(cohort, score, chosen, lookback) for score in thresholds(cohort, current)]


def proposed(cohort: Cohort, current: int, older: Sequence[str]) -> int | None:
    """The threshold that older quarters speak for; None when they speak for none but the present.

    The most precise one (by the lower end of its interval) that keeps nearly all wins and pipeline
    of the rule in force. A looser one is never proposed: those whom it would let in were hardly
    ever worked, so there is no evidence on them.
    """
    now = judged(cohort, current, older)
    if now.precision.is_weak:
        return None
    best, best_low = None, now.precision.interval[0] if now.precision.interval else 0.0
    for verdict in curve(cohort, current, older):
        keeps = (
            verdict.wins.hits >= KEEP * now.wins.hits
            and verdict.pipeline.hits >= KEEP * now.pipeline.hits
        )
        if verdict.minimum_score <= current or verdict.precision.is_weak or not keeps:
            continue
        low = verdict.precision.interval[0] if verdict.precision.interval else 0.0
        if low > best_low:
            best, best_low = verdict.minimum_score, low
    return best


def is_selected(cohort: Cohort, within: Iterable[str]) -> bool:
    """Whether every decided lead was handed over by the rule in force: then recall says nothing."""
    chosen = set(within)
    people = [person for person in cohort.people if person.quarter in chosen]
    return bool(people) and all(person.was_handed_over for person in people)
