"""The figures that both teams look at: for everything, and by source, segment and campaign.

Belongs here: what a figure counts, as SQL over the prepared rows, and its change. Not here: words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from review.effect.metrics import BREAKDOWN, HEADLINE, INVARIANTS, Metric
from review.effect.sides import SIDES, Sides

DIMENSIONS = {
    # dimension: (expression over MQLs, expression over deals joined to their MQL)
    "source": ("source", "deal.source"),
    "segment": ("segment", "deal.segment"),
    "campaign": ("campaign", "coalesce(mql.campaign, 'No campaign')"),
}
MQLS = """
select
    {key} as key,
    count(*) as mqls,
    count(*) filter (outcome = 'accepted') as sals,
    count(*) filter (outcome in ('accepted', 'rejected', 'recycled', 'disqualified', 'overdue'))
        as decided,
    count(*) filter (deals > 0) as mql_to_opportunity,
    count(*) filter (follow_up = 'met') as sla_met,
    count(*) filter (follow_up in ('met', 'breached')) as due
from {side}_mql
group by 1
"""
DEALS = """
select
    {key} as key,
    count(*) as opportunities,
    sum(deal.amount) as pipeline_created,
    sum(deal.amount) filter (deal.team = 'marketing') as sourced,
    sum(deal.amount) filter (deal.is_influenced) as influenced,
    count(*) filter (deal.outcome = 'won') as won,
    sum(deal.won_amount) filter (deal.outcome = 'won') as won_amount,
    count(*) filter (deal.outcome in ('won', 'lost')) as closed
from {side}_deal as deal
left join {side}_mql as mql using (episode_id)
group by 1
"""
KNOWN = """
select
    (select count(*) from {side}.lead) as people,
    (select count(*) from {side}.person_record) as records,
    (select count(*) from {side}.opportunity) as deals,
    (select count(*) from {side}.win where outcome = 'won') as deals_won
"""
NUMERATOR = {"acceptance": "sals", "win_rate": "won"}


def headline(sides: Sides) -> list[dict[str, Any]]:
    """Each figure over all time, on both sides."""
    counted = count_by(sides, "'All'", "'All'")
    all_of = {side: counted[side].get("All", {}) for side in SIDES}
    known = {side: rows[0] for side, rows in sides.both(KNOWN).items()}
    found = [compared(metric, all_of["base"], all_of["head"]) for metric in HEADLINE]
    found += [
        {**compared(metric, known["base"], known["head"]), "is_invariant": True}
        for metric in INVARIANTS
    ]
    return found


def breakdown(sides: Sides, dimension: str) -> list[dict[str, Any]]:
    """The figures for each value of a dimension; those that move most come first."""
    by_mql, by_deal = DIMENSIONS[dimension]
    counted = count_by(sides, by_mql, by_deal)
    metrics = [metric for metric in HEADLINE if metric.slug in BREAKDOWN]
    rows = []
    for value in sorted(set(counted["base"]) | set(counted["head"])):
        base, head = (counted[side].get(value, {}) for side in SIDES)
        figures = {metric.slug: compared(metric, base, head) for metric in metrics}
        rows.append({"value": value, "figures": figures})
    return sorted(rows, key=weight)


def weight(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Order of a breakdown: what moves most, then what is largest."""
    mqls, money = row["figures"]["mqls"], row["figures"]["pipeline_created"]
    moved = abs(mqls["head"] - mqls["base"])
    paid = abs(money["head"] - money["base"])
    return (-moved, -paid, -mqls["base"], -money["base"], row["value"])


def count_by(sides: Sides, by_mql: str, by_deal: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Sums and counts by a key, for each side."""
    found: dict[str, dict[str, dict[str, Any]]] = {side: {} for side in SIDES}
    for sql, key in ((MQLS, by_mql), (DEALS, by_deal)):
        for side, rows in sides.both(sql.replace("{key}", key)).items():
            for row in rows:
                found[side].setdefault(row.pop("key"), {}).update(row)
    return found


def compared(metric: Metric, base: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """One figure on both sides, with what it rests on."""
    found: dict[str, Any] = {**asdict(metric)}
    for side, sums in (("base", base), ("head", head)):
        top = plain(sums.get(NUMERATOR.get(metric.slug, metric.slug)))
        if metric.unit == "rate":
            bottom = plain(sums.get(metric.of))
            found[f"{side}_of"] = [top, bottom]
            found[side] = top / bottom if bottom else None
        else:
            found[side] = top
    moved = (found["base"], found.get("base_of")) != (found["head"], found.get("head_of"))
    return {**found, "moved": moved}


def plain(value: Any) -> float | int:
    """Whole numbers as such, amounts in cents."""
    if value is None:
        return 0
    return value if isinstance(value, int) else round(float(value), 2)
