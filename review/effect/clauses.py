"""By failing clause: which condition lets leads and deals out, and which let none in before.

The clauses are those of the row that answers "why is this one no MQL?" on the side that says no.
Belongs here: finding that row and grouping. Not here: what a clause means (the definitions).
"""

from __future__ import annotations

from typing import Any

from review.effect.sides import Sides

# definition: clauses that must all hold, and those of which one is enough.
CLAUSES = {
    "mql": (
        ("c_icp_fit", "c_not_customer", "c_no_open_opportunity", "c_not_excluded"),
        ("c_engaged", "c_hand_raised"),
    ),
    "deal": (("c_new_business", "c_not_removed", "c_accepted_stage", "c_not_excluded"), ()),
}
NONE_LEFT = "no attempt at that time"
OTHERWISE = "counted at another time"
# `no`: the side that says no. `yes`: the one on which it counts.
MQLS = """
with judged as (
    select
        moved.{yes}_id as id,
        said.*,
        row_number() over (
            partition by moved.{yes}_id
            order by
                coalesce(said.closed_at, timestamp '9999-12-31') >= moved.{yes}_at desc,
                said.opened_at desc
        ) as choice
    from moved_mql as moved
    left join {no}.mql as said
        on moved.subject = said.person_id and said.opened_at <= moved.{yes}_at
    where moved.kind = '{kind}'
)
select
    case
        when judged.episode_id is null then ['{none}']
        when judged.is_mql then ['{otherwise}']
        else {failing}
    end as clauses,
    count(*) as n,
    count(*) filter (facts.outcome = 'accepted') as accepted,
    count(*) filter (facts.won > 0) as won,
    coalesce(sum(facts.pipeline), 0) as pipeline
from judged
inner join {yes}_mql as facts on judged.id = facts.episode_id
where judged.choice = 1
group by 1
order by n desc, 1
"""
DEALS = """
select
    case when judged.opportunity_id is null then ['{none}'] else {failing} end as clauses,
    count(*) as n,
    cast(null as bigint) as accepted,
    count(*) filter (facts.outcome = 'won') as won,
    coalesce(sum(facts.amount), 0) as pipeline
from moved_deal as moved
inner join {yes}_deal as facts on moved.subject = facts.opportunity_id
left join {no}.opportunity as judged on moved.subject = judged.opportunity_id
where moved.kind = '{kind}'
group by 1
order by n desc, 1
"""
COUNTED = """
select
    coalesce(b.definition, h.definition) as definition,
    coalesce(b.clause, h.clause) as clause,
    b.judged as base_judged, h.judged as head_judged,
    b.failed as base_failed, h.failed as head_failed,
    b.failed_alone as base_alone, h.failed_alone as head_alone
from base.definition_clause as b
full join head.definition_clause as h
    on b.definition = h.definition and b.clause = h.clause
order by 1, coalesce(b.clause_order, h.clause_order), 2
"""


def by_clause(sides: Sides) -> list[dict[str, Any]]:
    """Groups of leavers and enterers with the clauses that fail on the side that says no."""
    found = []
    for term, text in (("mql", MQLS), ("deal", DEALS)):
        for kind, yes, no in (("leaves", "base", "head"), ("enters", "head", "base")):
            asked = text.replace("{failing}", failing(term)).replace("{none}", NONE_LEFT)
            asked = asked.replace("{otherwise}", OTHERWISE).replace("{kind}", kind)
            for row in sides.rows(asked.replace("{yes}", yes).replace("{no}", no)):
                money = round(float(row["pipeline"]), 2)
                found.append({"term": term, "kind": kind, **row, "pipeline": money})
    return found


def failing(term: str) -> str:
    """A list of the names of the clauses that do not hold."""
    every, either = CLAUSES[term]
    cases = [f"case when not judged.{name} then '{name}' end" for name in every]
    if either:
        none_holds = " and ".join(f"not coalesce(judged.{name}, false)" for name in either)
        cases.append(f"case when {none_holds} then '{' or '.join(either)}' end")
    return f"list_filter([{', '.join(cases)}], lambda name: name is not null)"


def counted(sides: Sides) -> list[dict[str, Any]]:
    """Every clause of every definition on both sides: judged, failed, failed by it alone."""
    if not all(sides.columns(side, "definition_clause") for side in ("base", "head")):
        return []
    rows = sides.rows(COUNTED)
    pairs = [(f"base_{name}", f"head_{name}") for name in ("judged", "failed", "alone")]
    return [{**row, "moved": any(row[a] != row[b] for a, b in pairs)} for row in rows]
