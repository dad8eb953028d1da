-- One row per thing that a metric counts: what `metric_slice` and the pages sum up, for those who
-- ask in their own way. The semantic models of `metrics.yml` read it, so `mf query` and BI tools
-- give the figures of the pages.
with

facts as (

    select * from {{ ref('int_metric_fact') }}

),

days as (

    select * from {{ ref('calendar_day') }}

)

select
    facts.metric,
    facts.subject_id,
    facts.occurred_on,
    facts.segment,
    facts.region,
    facts.source,
    cast(facts.numerator as {{ double_type() }}) as numerator,
    cast(facts.denominator as {{ double_type() }}) as denominator,
    cast(facts.duration_days as {{ double_type() }}) as duration_days,
    days.fiscal_quarter,
    days.week_start
from facts
left join days on facts.occurred_on = days.day
