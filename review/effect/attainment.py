"""Targets: what each team promised for a quarter, and how far it is on both sides."""

from __future__ import annotations

from typing import Any

from review.effect.sides import SIDES, Sides

# Which rows a target's name means, the day that decides the quarter, and how they add up.
MEANING = {
    "pipeline_created": ("deal", "pipeline_on", "sum(amount)", "true"),
    "sourced_pipeline": ("deal", "pipeline_on", "sum(amount)", "team = targets.team"),
    "marketing_sourced_share": (
        "deal",
        "pipeline_on",
        "coalesce(sum(amount) filter (team = 'marketing'), 0) / nullif(sum(amount), 0)",
        "true",
    ),
    "won_amount": ("deal", "closed_on", "sum(won_amount)", "outcome = 'won'"),
    "win_rate": (
        "deal",
        "closed_on",
        "count(*) filter (outcome = 'won') / nullif(count(*), 0)",
        "outcome in ('won', 'lost')",
    ),
    "cycle_days": ("deal", "closed_on", "median(cycle_days)", "outcome = 'won'"),
    "mqls": ("mql", "mql_on", "count(*)", "true"),
    "accepted_leads": ("mql", "mql_on", "count(*)", "outcome = 'accepted'"),
    "acceptance_rate": (
        "mql",
        "mql_on",
        "count(*) filter (outcome = 'accepted') / nullif(count(*), 0)",
        "outcome in ('accepted', 'rejected', 'recycled', 'disqualified', 'overdue')",
    ),
    "sla_met_rate": (
        "mql",
        "mql_on",
        "count(*) filter (follow_up = 'met') / nullif(count(*), 0)",
        "follow_up in ('met', 'breached')",
    ),
}
QUESTION = """
select
    targets.quarter_start,
    targets.team,
    targets.metric,
    cast(round(({expression}), 6) as double) as actual,
    count(*) as n
from {side}.target as targets
inner join {side}_{rows} as facts
    on facts.{day} >= targets.quarter_start
        and facts.{day} < targets.quarter_start + interval 3 month
where targets.metric = '{metric}' and {filter}
group by 1, 2, 3
"""
# Any other target is named like the metric of the pages that it is about.
OTHERS = """
select
    targets.quarter_start,
    targets.team,
    targets.metric,
    cast(round(
        case when sum(facts.denominator) is null then sum(facts.numerator)
            else sum(facts.numerator) / nullif(sum(facts.denominator), 0) end, 6
    ) as double) as actual,
    count(*) as n
from {side}.target as targets
inner join {side}.int_metric_fact as facts
    on facts.metric = targets.metric
        and facts.occurred_on >= targets.quarter_start
        and facts.occurred_on < targets.quarter_start + interval 3 month
where targets.metric not in ({known})
group by 1, 2, 3
"""
PROMISED = """
select quarter_start, team, metric, unit, cast(target as double) as target
from {side}.target
cross join (select as_of from {side}.run)
where quarter_start <= as_of
"""
LOWER_IS_BETTER = {"cycle_days"}


def attainment(sides: Sides) -> list[dict[str, Any]]:
    """One row a target whose quarter has begun, newest quarter first."""
    actual: dict[tuple[Any, ...], dict[str, float]] = {}
    for metric, (rows, day, expression, condition) in MEANING.items():
        asked = QUESTION.replace("{expression}", qualified(expression))
        asked = asked.replace("{rows}", rows).replace("{day}", day).replace("{metric}", metric)
        asked = asked.replace("{filter}", qualified(condition))
        for side, found in sides.both(asked).items():
            for row in found:
                key = (row["quarter_start"], row["team"], row["metric"])
                actual.setdefault(key, {})[side] = row["actual"]
    known = ", ".join(f"'{metric}'" for metric in MEANING)
    for side, found in sides.both(OTHERS.replace("{known}", known)).items():
        for row in found:
            actual.setdefault((row["quarter_start"], row["team"], row["metric"]), {})[side] = row[
                "actual"
            ]
    promised = {
        side: {(row["quarter_start"], row["team"], row["metric"]): row for row in rows}
        for side, rows in sides.both(PROMISED).items()
    }
    found = []
    for key in sorted({*promised["base"], *promised["head"]}, key=order):
        targets = [promised[side].get(key, {}).get("target") for side in SIDES]
        reached = [actual.get(key, {}).get(side) for side in SIDES]
        found.append(
            {
                "quarter": key[0].isoformat(),
                "team": key[1],
                "metric": key[2],
                "unit": {**promised["base"], **promised["head"]}[key]["unit"],
                "base_target": targets[0],
                "head_target": targets[1],
                "base": reached[0],
                "head": reached[1],
                "base_share": share(reached[0], targets[0], key[2]),
                "head_share": share(reached[1], targets[1], key[2]),
                "moved": (reached[0], targets[0]) != (reached[1], targets[1]),
            }
        )
    return found


def qualified(text: str) -> str:
    """Say whose `team` is meant, since a target has one too."""
    return text.replace("team = ", "facts.team = ")


def order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Newest quarter first, then shared targets before each team's own."""
    teams = {"both": 0, "marketing": 1, "sales": 2}
    return (-key[0].toordinal(), teams.get(key[1], 9), key[2])


def share(actual: float | None, target: float | None, metric: str) -> float | None:
    """How much of the target was reached; of a duration, the target over what it took."""
    if not actual or not target:
        return 0.0 if target and actual == 0 else None
    return target / actual if metric in LOWER_IS_BETTER else actual / target
