"""A backtest as one plain structure, which the terminal, the JSON file and the page all read.

Aggregates alone: no id and no name leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from review.backtest import cohort as cohorts
from review.backtest import evidence
from review.backtest.cohort import Cohort
from review.backtest.evidence import Share, Verdict
from review.backtest.rule import Rule

NOT_YET = "not yet measurable"


def report(
    con: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    now: Rule,
    candidate: Rule | None,
    own: tuple[Cohort, duckdb.DuckDBPyConnection] | None = None,
) -> dict[str, Any]:
    """Everything that is shown. `own`: the cohort under a candidate's own signals."""
    split = evidence.quarters(cohort)
    tried, tried_con = own or (cohort, con)
    proposal = evidence.proposed(cohort, now.minimum_score, split.older) if split.later else None
    trials = [Trial(now, cohort, con)]
    if candidate:
        trials.append(Trial(candidate, tried, tried_con))
    if proposal:
        trials.append(Trial(now.named("proposal", proposal), cohort, con))
    return {
        "definition": "mql",
        "as_of": str(cohort.as_of),
        "horizon_days": cohort.horizon_days,
        "cohort": counts(cohort, split),
        "quarters": [quarter(cohort, now.minimum_score, name, split) for name in cohort.quarters],
        "rules": [trial.told(split) for trial in trials],
        "proposal": proposal,
        "curve": {
            name: [verdict(one) for one in evidence.curve(tried, now.minimum_score, chosen)]
            for name, chosen in (("older", split.older), ("later", split.later))
        },
        "signals": [signal(row) for row in cohorts.signal_rows(con, cohort.mature_until)],
        "answered": answered(con, cohort),
        "warnings": warnings(cohort, now, trials, split),
    }


@dataclass(frozen=True)
class Trial:
    """A rule over the signals that it counts."""

    rule: Rule
    cohort: Cohort
    con: duckdb.DuckDBPyConnection

    def passing(self) -> tuple[int, int]:
        """Whom it ever passed, and how many of them sales decided on."""
        return cohorts.passing(self.con, self.rule.minimum_score, self.cohort.mature_until)

    def told(self, split: evidence.Split) -> dict[str, Any]:
        """Its numbers, and what it would have been right about."""
        score = self.rule.minimum_score
        passed, decided = self.passing()
        return {
            **asdict(self.rule),
            "evidence": share(Share(decided, passed)),
            "older": verdict(evidence.judged(self.cohort, score, split.older)),
            "later": verdict(evidence.judged(self.cohort, score, split.later)),
            "later_30": verdict(evidence.judged(self.cohort, score, split.later, 30)),
        }


def counts(cohort: Cohort, split: evidence.Split) -> dict[str, Any]:
    """Who is in, who is not, and why."""
    mature = [person for person in cohort.people if cohort.is_mature(person.quarter)]
    return {
        "decided": len(cohort.people),
        "mature": len(mature),
        "deleted_since": sum(person.is_deleted for person in mature),
        "handed_over": sum(person.was_handed_over for person in mature),
        "undecided": cohort.undecided,
        "never_judged": cohort.unjudged,
        "excluded": cohort.excluded,
        "older": list(split.older),
        "later": list(split.later),
        "not_yet": list(split.not_yet),
    }


def quarter(cohort: Cohort, minimum_score: int, name: str, split: evidence.Split) -> dict[str, Any]:
    """One quarter; a young one says that it cannot be measured, and nothing else."""
    found = evidence.judged(cohort, minimum_score, [name])
    if name in split.not_yet:
        return {"quarter": name, "decided": int(found.base_rate.total), "use": NOT_YET}
    use = "judged on" if name in split.later else "chosen on"
    return {"quarter": name, "decided": int(found.base_rate.total), "use": use, **verdict(found)}


def verdict(found: Verdict) -> dict[str, Any]:
    """One threshold on some quarters."""
    return {
        "minimum_score": found.minimum_score,
        "passed": found.passed,
        "lift": found.lift,
        **{
            name: share(getattr(found, name))
            for name in ("precision", "recall", "base_rate", "wins")
        },
        "pipeline": share(found.pipeline, is_count=False),
    }


def share(found: Share, *, is_count: bool = True) -> dict[str, Any]:
    """A rate with its counts; an amount is no sample, so it has no interval."""
    low, high = (found.interval or (None, None)) if is_count else (None, None)
    return {
        "hits": found.hits,
        "of": found.total,
        "value": found.value,
        "low": low,
        "high": high,
        "is_weak": is_count and found.is_weak,
    }


def signal(row: Mapping[str, Any]) -> dict[str, Any]:
    """How often a signal came before a conversation, and before one that led to a win."""
    return {
        "signal": row["signal"],
        **{
            f"{who}_{days}": share(Share(row[f"{key}_{days}"], row[who]))
            for who, key in (("judged", "had"), ("accepted", "accepted"), ("won", "won"))
            for days in (60, 30)
        },
    }


def answered(con: duckdb.DuckDBPyConnection, cohort: Cohort) -> dict[str, Any]:
    """MQLs answered in time, of all that were due: those never answered are breaches."""
    met, due, worked = con.execute(
        "select count(*) filter (status = 'met'), count(*) filter (status in ('met', 'breached')), "
        "count(*) filter (status in ('met', 'breached') and responded_at is not null) "
        "from release.definitions.follow_up where mql_at <= ?",
        [cohort.mature_until],
    ).fetchall()[0]
    return {**share(Share(met, due)), "never_answered": due - worked}


def warnings(
    cohort: Cohort,
    now: Rule,
    trials: Sequence[Trial],
    split: evidence.Split,
) -> list[str]:
    """What a reader must not conclude."""
    found = []
    if not split.later:
        found.append(
            "There are not two mature quarters: nothing is held out, so nothing is proposed."
        )
    if evidence.is_selected(cohort, [*split.older, *split.later]):
        found.append(
            "Every decided lead was handed over by the rule in force, so its recall is 1 by "
            "construction and says nothing."
        )
    for trial in trials:
        rule, (passed, decided) = trial.rule, trial.passing()
        if rule.minimum_score < now.minimum_score and passed:
            found.append(
                f"{rule.name}: a lower threshold lets in leads that sales hardly ever worked; "
                f"of the {passed:,} that it passes, {decided:,} were decided on. No verdict."
            )
        later = evidence.judged(trial.cohort, rule.minimum_score, split.later)
        if split.later and later.precision.is_weak:
            found.append(
                f"{rule.name}: only {int(later.precision.total)} decided leads passed in the "
                "quarters that it is judged on: too few."
            )
    if split.not_yet:
        found.append(
            f"{', '.join(split.not_yet)}: {NOT_YET}, since a conversation is given "
            f"{cohort.horizon_days} days to be won."
        )
    found.append(
        "Sales saw the score when it decided, and worked those it was handed first: part of the "
        "precision is the rule's own doing. A backtest proposes; a change is agreed."
    )
    return found
