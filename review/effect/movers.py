"""Who changes sides: leads, acceptances and deals that leave, enter or move in time.

An MQL is the same on both sides when the same person became one at the same moment: attempts may be
numbered differently under another rule. What is left of a person's MQLs is paired in order and has
moved in time; without a partner it leaves or enters. So base − leave + enter = head, always.
"""

from __future__ import annotations

from typing import Any

from dashboards.intervals import wilson
from review.effect.sides import SIDES, Sides

KINDS = ("leaves", "enters", "moves", "stays")
# term: (rows, who, when, id)
TERMS = {
    "mql": ("select * from {side}_mql", "person_id", "mql_at", "episode_id"),
    "sal": (
        "select * from {side}_mql where outcome = 'accepted'",
        "person_id",
        "accepted_at",
        "episode_id",
    ),
    "deal": ("select * from {side}_deal", "opportunity_id", "pipeline_at", "opportunity_id"),
}
MATCHED = """
create table moved_{term} as
with base_rows as ({base}), head_rows as ({head}),
same as (
    select b.{who} as subject, b.{id} as base_id, h.{id} as head_id, b.{at} as base_at,
        h.{at} as head_at
    from base_rows as b inner join head_rows as h on b.{who} = h.{who} and b.{at} = h.{at}
),
base_left as (
    select *, row_number() over (partition by {who} order by {at}, {id}) as number
    from base_rows where {id} not in (select base_id from same)
),
head_left as (
    select *, row_number() over (partition by {who} order by {at}, {id}) as number
    from head_rows where {id} not in (select head_id from same)
)
select 'stays' as kind, * from same
union all
select
    case when h.{id} is null then 'leaves' when b.{id} is null then 'enters' else 'moves' end,
    coalesce(b.{who}, h.{who}), b.{id}, h.{id}, b.{at}, h.{at}
from base_left as b full join head_left as h on b.{who} = h.{who} and b.number = h.number
"""
LEADS = """
select
    moved.kind,
    count(*) as n,
    count(*) filter (facts.outcome = 'accepted') as accepted,
    count(*) filter (facts.outcome in ('rejected', 'recycled', 'disqualified')) as rejected,
    count(*) filter (facts.outcome in ('overdue', 'no_status')) as never_worked,
    count(*) filter (facts.outcome = 'pending') as pending,
    count(*) filter (facts.outcome in
        ('accepted', 'rejected', 'recycled', 'disqualified', 'overdue')) as decided,
    count(*) filter (facts.deals > 0) as with_opportunity,
    count(*) filter (facts.won > 0) as won,
    coalesce(sum(facts.pipeline), 0) as pipeline
from moved_{term} as moved
inner join {side}_mql as facts on moved.{side}_id = facts.episode_id
group by 1
"""
DEALS = """
select
    moved.kind,
    count(*) as n,
    count(*) filter (facts.outcome = 'won') as won,
    count(*) filter (facts.outcome = 'lost') as lost,
    count(*) filter (facts.outcome = 'open') as open,
    coalesce(sum(facts.amount), 0) as pipeline
from moved_deal as moved
inner join {side}_deal as facts on moved.{side}_id = facts.opportunity_id
group by 1
"""
# One row a subject that is on both sides but is judged otherwise: from, to, how many.
JUDGEMENTS = {
    "ICP fit of today's accounts": (
        "select b.fit, h.fit, 0 from base.icp as b inner join head.icp as h using (account_id) "
        "where b.valid_to is null and h.valid_to is null"
    ),
    "Sales' decision on the MQLs that stay": (
        "select b.outcome, h.outcome, b.pipeline from moved_mql as m "
        "inner join base_mql as b on m.base_id = b.episode_id "
        "inner join head_mql as h on m.head_id = h.episode_id where m.kind = 'stays'"
    ),
    "Follow-up of the MQLs that stay": (
        "select b.follow_up, h.follow_up, b.pipeline from moved_mql as m "
        "inner join base_mql as b on m.base_id = b.episode_id "
        "inner join head_mql as h on m.head_id = h.episode_id where m.kind = 'stays'"
    ),
    "Source of the MQLs that stay": (
        "select b.source, h.source, b.pipeline from moved_mql as m "
        "inner join base_mql as b on m.base_id = b.episode_id "
        "inner join head_mql as h on m.head_id = h.episode_id where m.kind = 'stays'"
    ),
    "Source of pipeline": (
        "select b.source, h.source, b.amount from base_deal as b "
        "inner join head_deal as h using (opportunity_id)"
    ),
    "Team of pipeline": (
        "select b.team, h.team, b.amount from base_deal as b "
        "inner join head_deal as h using (opportunity_id)"
    ),
    "End of deals": (
        "select b.outcome, h.outcome, coalesce(b.amount_reporting, 0) from base.win as b "
        "inner join head.win as h using (opportunity_id)"
    ),
}


def prepare(sides: Sides) -> None:
    """Match both sides, once for each term."""
    for term, (rows, who, at, key) in TERMS.items():
        text = MATCHED.replace("{term}", term).replace("{who}", who).replace("{at}", at)
        for side in SIDES:
            text = text.replace(f"{{{side}}}", rows.replace("{side}", side))
        sides.con.execute(text.replace("{id}", key))


def movers(sides: Sides) -> dict[str, list[dict[str, Any]]]:
    """For each term, how many leave, enter, move and stay, and what became of them."""
    found = {}
    for term in TERMS:
        text = DEALS if term == "deal" else LEADS.replace("{term}", term)
        counted = {
            side: {row["kind"]: row for row in rows} for side, rows in sides.both(text).items()
        }
        # Who enters is judged by what the change says, all others by what was published.
        found[term] = [
            with_intervals(row)
            for kind in KINDS
            if (row := counted["head" if kind == "enters" else "base"].get(kind))
        ]
    return found


def with_intervals(row: dict[str, Any]) -> dict[str, Any]:
    """The two rates of a group with their 95 % intervals; amounts in cents."""
    row = {**row, "pipeline": round(float(row["pipeline"]), 2)}
    for name, hits, total in (
        ("acceptance", row.get("accepted"), row.get("decided")),
        ("won_rate", row["won"], row["n"]),
    ):
        if hits is not None and total:
            row[name] = hits / total
            row[f"{name}_interval"] = list(wilson(hits, total))
    return row


def judgements(sides: Sides) -> list[dict[str, Any]]:
    """Subjects on both sides that are judged otherwise: what, from, to, how many, pipeline."""
    found = []
    for title, question in JUDGEMENTS.items():
        rows = sides.rows(
            f"select before, after, count(*) as n, sum(money) as pipeline from ({question}) "
            "as judged (before, after, money) where before is distinct from after "
            "group by 1, 2 order by n desc, 1, 2"
        )
        for row in rows:
            money = round(float(row["pipeline"] or 0), 2)
            found.append(
                {
                    "what": title,
                    "from": row["before"] or "none",
                    "to": row["after"] or "none",
                    "n": row["n"],
                    "pipeline": money,
                }
            )
    return found


def ids(sides: Sides) -> list[dict[str, Any]]:
    """Every subject that leaves, enters or moves, by its id: for the private artifact alone."""
    asked = " union all ".join(
        f"select '{term}' as term, kind, subject, base_id, head_id, base_at, head_at "
        f"from moved_{term} where kind <> 'stays'"
        for term in TERMS
    )
    return sides.rows(f"{asked} order by all")
