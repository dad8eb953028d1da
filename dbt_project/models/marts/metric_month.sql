-- Each metric by month (reporting zone) and source: what the ledger of published figures remembers.
with

facts as (

    select * from {{ ref('int_metric_fact') }}

),

monthly as (

    select
        metric,
        cast({{ dbt.date_trunc('month', 'occurred_on') }} as date) as month,
        source,
        cast(round(sum(numerator), 2) as {{ double_type() }}) as numerator,
        cast(round(sum(denominator), 2) as {{ double_type() }}) as denominator,
        cast(percentile_cont(0.5) within group (order by duration_days) as {{ double_type() }})
            as median,
        cast(count(*) as bigint) as n
    from facts
    group by 1, 2, 3

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
from monthly
