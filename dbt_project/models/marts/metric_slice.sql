-- noqa: disable=AM06
-- Every figure of a page, looked up and never computed by the reader's browser: each metric for
-- each period, what it is compared with, and each choice of segment, region and source (`All`
-- included).
with

facts as (

    select * from {{ ref('int_metric_fact') }}

),

periods as (

    select * from {{ ref('period') }}

),

-- Days first: sums of sums are cheap, and a period is a range of days.
daily as (

    select
        metric,
        occurred_on,
        segment,
        region,
        source,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(*) as records
    from facts
    where duration_days is null
    group by 1, 2, 3, 4, 5

),

summed as (

    select
        daily.metric,
        periods.period,
        periods.compare,
        coalesce(daily.segment, 'All') as segment,
        coalesce(daily.region, 'All') as region,
        coalesce(daily.source, 'All') as source,
        cast(round(sum(daily.numerator), 2) as {{ double_type() }}) as numerator,
        cast(round(sum(daily.denominator), 2) as {{ double_type() }}) as denominator,
        cast(sum(daily.records) as bigint) as records
    from daily
    inner join periods
        on daily.occurred_on between periods.starts_on and periods.ends_on
    group by
        daily.metric, periods.period, periods.compare,
        cube (daily.segment, daily.region, daily.source)

),

durations as (

    select
        facts.metric,
        periods.period,
        periods.compare,
        coalesce(facts.segment, 'All') as segment,
        coalesce(facts.region, 'All') as region,
        coalesce(facts.source, 'All') as source,
        {{ quartile('facts.duration_days', 1) }} as p25,
        {{ quartile('facts.duration_days', 2) }} as median,
        {{ quartile('facts.duration_days', 3) }} as p75,
        count(*) as records
    from facts
    inner join periods
        on facts.occurred_on between periods.starts_on and periods.ends_on
    where facts.duration_days is not null
    group by
        facts.metric, periods.period, periods.compare,
        cube (facts.segment, facts.region, facts.source)

),

unioned as (

    select
        metric,
        period,
        compare,
        segment,
        region,
        source,
        numerator,
        denominator,
        case
            when denominator is null then numerator
            when denominator <> 0 then numerator / denominator
        end as value,
        cast(null as {{ double_type() }}) as p25,
        cast(null as {{ double_type() }}) as p75,
        records as n
    from summed

    union all

    select
        metric,
        period,
        compare,
        segment,
        region,
        source,
        cast(null as {{ double_type() }}) as numerator,
        cast(null as {{ double_type() }}) as denominator,
        cast(median as {{ double_type() }}) as value,
        cast(p25 as {{ double_type() }}) as p25,
        cast(p75 as {{ double_type() }}) as p75,
        cast(records as bigint) as n
    from durations

)

select * from unioned
