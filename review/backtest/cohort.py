"""Who sales talked to, what was known before, and what became of them: one row a person.

The clock is the first sales conversation (the first human call, meeting or e-mail, else the first
decision). What happened at or after it is no evidence: sales itself may have caused it. Deleted
people stay, with the decision that they had. A record that was created as accepted was never
judged, and a history that starts late hides the first decision: both are counted and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from review.backtest.rule import Rule

LOOKBACKS = (60, 30)
DECISIONS = "('accepted', 'rejected', 'recycled', 'disqualified')"

# Exclusions are those of when the person became known: today every winner is a customer, and to
# leave out customers of today would leave out all that the rule was right about.
PEOPLE = f"""
create or replace temp table people as
with decisions as (
    select person_id, min(event_at) as decided_at, arg_min(kind, (event_at, sequence)) as decision,
        arg_min(is_created_in_stage or is_left_censored, (event_at, sequence)) as is_unjudged
    from release.intermediate.int_status_event
    where kind in {DECISIONS} and is_by_person
    group by 1
),
talks as (
    select person_id, min(touched_at) as touched_at
    from release.intermediate.int_sales_touch
    where is_human and not is_by_prospect and kind in ('call', 'meeting', 'email')
        and person_id is not null
    group by 1
)
select person_id, least(talks.touched_at, decisions.decided_at) as talked_at, decided_at, decision,
    decision = 'accepted' as is_accepted, coalesce(is_unjudged, false) as is_unjudged,
    excluded.person_id is not null as is_excluded, lead.deleted_at is not null as is_deleted
from decisions full join talks using (person_id)
inner join release.definitions.lead as lead using (person_id)
left join release.intermediate.int_person_exclusion as excluded
    on lead.person_id = excluded.person_id and excluded.reason <> 'deleted in the CRM'
"""

# The rule at every moment of a signal, as mql.sql: points of a kind count so often at most. Whether
# the ICP ruled the person out is as of that moment.
MOMENTS = """
create or replace temp table moments as
with moments as (
    select distinct person_id, signal_at as moment_at from signals
),
kinds as (
    select moments.person_id, moments.moment_at, signals.signal, signals.points,
        count(*) as times, bool_or(signals.is_hand_raise) as is_raised
    from moments
    inner join signals
        on moments.person_id = signals.person_id and signals.signal_at <= moments.moment_at
            and moments.moment_at < signals.signal_at + to_days(?::integer)
    group by 1, 2, 3, 4
),
scores as (
    select person_id, moment_at, sum(points * least(times, ?::integer)) as score,
        bool_or(is_raised) as is_raised
    from kinds
    group by 1, 2
)
select scores.*
from scores
left join release.intermediate.int_person_account as account
    on scores.person_id = account.person_id and account.valid_from <= scores.moment_at
        and (account.valid_to is null or scores.moment_at < account.valid_to)
left join release.definitions.icp as icp
    on account.account_id = icp.account_id and icp.valid_from <= scores.moment_at
        and (icp.valid_to is null or scores.moment_at < icp.valid_to)
where coalesce(icp.fit, 'insufficient_data') <> 'not_fit'
"""

COHORT = """
select people.person_id, people.talked_at, people.is_accepted, people.is_deleted,
    exists (select 1 from release.definitions.mql as mql
        where mql.person_id = people.person_id and mql.mql_at <= people.talked_at)
        as was_handed_over,
    coalesce(max(moments.score) filter (moments.moment_at >= talked_at - to_days(60)), 0),
    coalesce(max(moments.score) filter (moments.moment_at >= talked_at - to_days(30)), 0),
    coalesce(bool_or(moments.is_raised)
        filter (moments.moment_at >= talked_at - to_days(60)), false),
    coalesce(bool_or(moments.is_raised)
        filter (moments.moment_at >= talked_at - to_days(30)), false)
from people
left join moments
    on people.person_id = moments.person_id and moments.moment_at < people.talked_at
where people.decision is not null and not people.is_unjudged and not people.is_excluded
    and people.talked_at <= ?
group by all
order by people.talked_at, people.person_id
"""

DEALS = """
select opportunity.opportunity_id, list(distinct people.person_id) as persons,
    min(people.talked_at) as talked_at,
    bool_or(win.outcome = 'won' and win.closed_at < people.talked_at + to_days(?::integer))
        as is_won,
    max(case when opportunity.pipeline_at < people.talked_at + to_days(?::integer)
        then coalesce(opportunity.amount_reporting, 0) else 0 end) as pipeline
from release.intermediate.int_opportunity_role as role
inner join people on role.person_id = people.person_id
inner join release.definitions.opportunity as opportunity
    on role.opportunity_id = opportunity.opportunity_id
left join release.definitions.win as win on role.opportunity_id = win.opportunity_id
where opportunity.is_pipeline and opportunity.pipeline_at >= people.talked_at
    and people.decision is not null and not people.is_unjudged and not people.is_excluded
    and people.talked_at <= ?
group by 1
order by 1
"""


@dataclass(frozen=True)
class Person:
    """One decided conversation. Score and hand-raise: the most in the 60 and 30 days before."""

    person_id: str
    talked_at: datetime
    is_accepted: bool
    is_deleted: bool
    was_handed_over: bool
    score_60: float
    score_30: float
    raised_60: bool
    raised_30: bool

    @property
    def quarter(self) -> str:
        """The quarter of the conversation."""
        return quarter_of(self.talked_at)

    def passes(self, minimum_score: int, lookback: int = 60) -> bool:
        """Whether the rule held before the conversation, with this threshold."""
        score = self.score_60 if lookback == 60 else self.score_30
        return score >= minimum_score or (self.raised_60 if lookback == 60 else self.raised_30)


@dataclass(frozen=True)
class Deal:
    """A pipeline opportunity that followed, and the people of the cohort in it."""

    opportunity_id: str
    persons: frozenset[str]
    talked_at: datetime
    is_won: bool
    pipeline: float


@dataclass(frozen=True)
class Cohort:
    """Everything a backtest may look at. `mature_until`: outcomes after it are not complete."""

    as_of: datetime
    horizon_days: int
    people: tuple[Person, ...]
    deals: tuple[Deal, ...]
    undecided: int
    unjudged: int
    excluded: int

    @property
    def mature_until(self) -> datetime:
        """A later conversation has not had its whole horizon yet."""
        return self.as_of - timedelta(days=self.horizon_days)

    @property
    def quarters(self) -> list[str]:
        """Quarters with a conversation, oldest first."""
        return sorted({person.quarter for person in self.people})

    def is_mature(self, quarter: str) -> bool:
        """Whether every conversation of a quarter has had its whole horizon."""
        return quarter_end(quarter) <= self.mature_until


def quarter_of(moment: datetime) -> str:
    """2026Q1."""
    return f"{moment.year}Q{(moment.month - 1) // 3 + 1}"


def quarter_end(quarter: str) -> datetime:
    """The first moment of the next one."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return datetime(year + number // 4, number % 4 * 3 + 1, 1)


def build(con: duckdb.DuckDBPyConnection, rule: Rule, horizon_days: int) -> Cohort:
    """The cohort of a release (attached as `release`) with table `signals` made already."""
    as_of: datetime = con.execute("select as_of from release.marts.run").fetchall()[0][0]
    con.execute(PEOPLE)
    con.execute(MOMENTS, [rule.score_window_days, rule.most_of_one_kind])
    people = tuple(Person(*row) for row in con.execute(COHORT, [as_of]).fetchall())
    deals = tuple(
        Deal(name, frozenset(persons), talked_at, bool(is_won), float(pipeline))
        for name, persons, talked_at, is_won, pipeline in con.execute(
            DEALS, [horizon_days, horizon_days, as_of]
        ).fetchall()
    )
    left = con.execute(
        "select count(*) filter (decision is null), count(*) filter (is_unjudged), "
        "count(*) filter (is_excluded) from people"
    ).fetchall()[0]
    return Cohort(as_of, horizon_days, people, deals, *left)


def passing(con: duckdb.DuckDBPyConnection, minimum_score: int, until: datetime) -> tuple[int, int]:
    """People whom the rule ever passed by a moment, and how many of them sales decided on.

    Who was never worked says nothing for or against a rule.
    """
    row = con.execute(
        "select count(*), count(*) filter (decision is not null) from (select person_id, "
        "min(moment_at) as first_at from moments where score >= ? or is_raised group by 1) "
        "left join people using (person_id) where first_at <= ?",
        [minimum_score, until],
    ).fetchall()[0]
    return int(row[0]), int(row[1])


def signal_rows(con: duckdb.DuckDBPyConnection, until: datetime) -> list[dict[str, Any]]:
    """How many decided, accepted and won people had each signal in the days before."""
    cursor = con.execute(SIGNALS, [until])
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


SIGNALS = """
with judged as (
    select person_id, talked_at, is_accepted from people
    where decision is not null and not is_unjudged and not is_excluded and talked_at <= ?
),
winners as (
    select distinct role.person_id
    from release.intermediate.int_opportunity_role as role
    inner join release.definitions.win as win using (opportunity_id)
    inner join people on role.person_id = people.person_id
    where win.outcome = 'won' and win.closed_at >= people.talked_at
),
had as (
    select judged.person_id, signals.signal, judged.is_accepted,
        winners.person_id is not null as is_winner,
        bool_or(signals.signal_at >= judged.talked_at - to_days(30)) as in_30
    from judged
    inner join signals
        on judged.person_id = signals.person_id and signals.signal_at < judged.talked_at
            and signals.signal_at >= judged.talked_at - to_days(60)
    left join winners on judged.person_id = winners.person_id
    group by all
),
totals as (
    select count(*) as judged, count(*) filter (is_accepted) as accepted,
        count(winners.person_id) as won
    from judged left join winners on judged.person_id = winners.person_id
)
select signal, any_value(totals.judged) as judged, any_value(totals.accepted) as accepted,
    any_value(totals.won) as won, count(*) as had_60, count(*) filter (in_30) as had_30,
    count(*) filter (had.is_accepted) as accepted_60,
    count(*) filter (had.is_accepted and in_30) as accepted_30,
    count(*) filter (is_winner) as won_60, count(*) filter (is_winner and in_30) as won_30
from had cross join totals
group by signal
order by had_60 desc, signal
"""
