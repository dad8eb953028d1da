-- Each metric by month (reporting zone), for all and by source: what the ledger of published
-- figures remembers.
with

facts as (

    select * from {{ ref('int_metric_fact') }}

),

monthly as (

    select
        metric,
        cast({{ dbt.date_trunc('month', 'occurred_on') }} as date) as month,
        source,
        numerator,
        denominator,
        duration_days
    from facts

),

grouped as (

    select
        metric,
        month,
        coalesce(source, 'All') as source,
        cast(round(sum(numerator), 2) as {{ double_type() }}) as numerator,
        cast(round(sum(denominator), 2) as {{ double_type() }}) as denominator,
        cast(percentile_cont(0.5) within group (order by duration_days) as {{ double_type() }})
            as median,
        cast(count(*) as bigint) as n
    from monthly
    group by grouping sets ((metric, month), (metric, month, source))

)

select
    metric,
    month,
    source,
    numerator,
    denominator,
    case
        when median is not null then median
        when denominator is null then numerator
        when denominator <> 0 then numerator / denominator
    end as value,
    n
from grouped
