"""The four stages between a figure as published and as it is now, computed from the records.

    published  ->  under the new rule  ->  with late data  ->  now

Each step changes one thing, so the differences are its effect and add up exactly, for rates and
medians too. Stages are made of the rows of `int_metric_fact`: before (old rule, old data), ruled
(new rule, old data) and after (new rule, new data). Between the last two, a record is late unless
what it says came true after the figure was published (`int_metric_settled`): then it has ripened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb

from review.figures import Figure, Key

STAGES = ("published", "ruled", "late", "now")
FACTS = "intermediate.int_metric_fact"
SETTLED = "intermediate.int_metric_settled"

# Who counted already, and where. A record may only ripen when it did: what came late is late,
# whenever it was decided.
KNOWN = """
create temp table known as
select distinct subject_id, occurred_on from ruled.{facts}
where metric in ('mqls', 'opportunities_created')
"""
CHANGED = """
create temp table changed as
select
    coalesce(earlier.metric, later.metric) as metric,
    coalesce(earlier.subject_id, later.subject_id) as subject_id,
    coalesce(settled.settled_at > ?::timestamp and known.subject_id is not null, false) as is_ripe
from ruled.{facts} as earlier
full join after.{facts} as later
    on earlier.metric = later.metric and earlier.subject_id = later.subject_id
left join after.{settled} as settled
    on later.metric = settled.metric and later.subject_id = settled.subject_id
left join known
    on later.subject_id = known.subject_id and later.occurred_on = known.occurred_on
where (earlier.occurred_on, earlier.source, earlier.numerator, earlier.denominator,
    earlier.duration_days)
    is distinct from (later.occurred_on, later.source, later.numerator, later.denominator,
    later.duration_days)
"""
LATE = """
create temp table late as
select facts.* from ruled.{facts} as facts
anti join (from changed where not is_ripe) as moved using (metric, subject_id)
union all by name
select facts.* from after.{facts} as facts
semi join (from changed where not is_ripe) as moved using (metric, subject_id)
"""
STEPS = (KNOWN, CHANGED, LATE)

# As marts.metric_month; that both agree is checked for every figure that is split.
FIGURES = """
select
    metric,
    strftime(occurred_on, '%Y-%m-%d') as month,
    coalesce(source, 'All') as source,
    round(sum(numerator), 2)::double as numerator,
    round(sum(denominator), 2)::double as denominator,
    case
        when median(duration_days) is not null then median(duration_days)
        when sum(denominator) is null then round(sum(numerator), 2)::double
        when sum(denominator) <> 0
            then round(sum(numerator), 2)::double / round(sum(denominator), 2)::double
    end as value
from (select * replace (date_trunc('month', occurred_on) as occurred_on) from {facts})
group by grouping sets ((metric, occurred_on), (metric, occurred_on, source))
"""

RECORDS = """
select 'definition' as cause, coalesce(a.metric, b.metric) as metric,
    coalesce(a.subject_id, b.subject_id) as subject_id,
    strftime(date_trunc('month', a.occurred_on), '%Y-%m-%d') as published_month,
    strftime(date_trunc('month', b.occurred_on), '%Y-%m-%d') as month,
    a.source as published_source, b.source as source
from before.{facts} as a
full join ruled.{facts} as b on a.metric = b.metric and a.subject_id = b.subject_id
where (a.occurred_on, a.source, a.numerator, a.denominator, a.duration_days)
    is distinct from (b.occurred_on, b.source, b.numerator, b.denominator, b.duration_days)
union all
select case when changed.is_ripe then 'ripened' else 'late data' end, changed.metric,
    changed.subject_id,
    strftime(date_trunc('month', a.occurred_on), '%Y-%m-%d'),
    strftime(date_trunc('month', b.occurred_on), '%Y-%m-%d'), a.source, b.source
from changed
left join ruled.{facts} as a
    on changed.metric = a.metric and changed.subject_id = a.subject_id
left join after.{facts} as b
    on changed.metric = b.metric and changed.subject_id = b.subject_id
order by all
"""


def compute(
    con: duckdb.DuckDBPyConnection, as_of: datetime
) -> tuple[dict[Key, dict[str, Figure]], list[dict[str, Any]]]:
    """Every figure at the four stages, and the records that changed at each step.

    `con` has databases attached as `before`, `ruled` and `after`; `as_of` is that of the earlier
    release (naive UTC).
    """
    for statement in STEPS:
        text = statement.format(facts=FACTS, settled=SETTLED)
        con.execute(text, [as_of] if "?" in text else [])
    tables = (f"before.{FACTS}", f"ruled.{FACTS}", "late", f"after.{FACTS}")
    found: dict[Key, dict[str, Figure]] = {}
    for stage, table in zip(STAGES, tables, strict=True):
        for row in con.execute(FIGURES.format(facts=table)).fetchall():
            found.setdefault(row[:3], {})[stage] = Figure(*row[3:])
    cursor = con.execute(RECORDS.format(facts=FACTS))
    names = [column[0] for column in cursor.description or []]
    return found, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
