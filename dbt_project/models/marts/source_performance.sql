-- One row per period and source, wide: what a source brought, how much of it was won and how fast.
with

slices as (

    select * from {{ ref('metric_slice') }}
    where compare = 'current' and segment = 'All' and region = 'All'

)

select
    period,
    source,
    max(case when metric = 'mqls' then value end) as mqls,
    max(case when metric = 'mql_to_won' then numerator end) as mqls_won,
    max(case when metric = 'mql_to_won' then value end) as mql_to_won,
    max(case when metric = 'days_from_mql' then value end) as median_days_from_mql,
    max(case when metric = 'sales_acceptance' then value end) as sales_acceptance,
    max(case when metric = 'opportunities_created' then value end) as opportunities_created,
    max(case when metric = 'pipeline_created' then value end) as pipeline_created,
    max(case when metric = 'won' then value end) as won,
    max(case when metric = 'won_amount' then value end) as won_amount,
    max(case when metric = 'win_rate' then value end) as win_rate,
    max(case when metric = 'win_rate' then denominator end) as closed,
    max(case when metric = 'cycle_length' then value end) as median_cycle_days
from slices
group by 1, 2
