-- noqa: disable=AM06
-- What stands behind a figure, by category (reason, campaign, step, ...), for each period and what
-- it is compared with, and each choice of segment, region and source (`All` included).
with

agreed as (

    select
        10 as shown_categories,
        'Other' as tail_name

),

facts as (

    select * from {{ ref('int_breakdown_fact') }}

),

movement_steps as (

    select * from {{ ref('int_pipeline_movement_step') }}

),

periods as (

    select * from {{ ref('period') }}

),

-- What people themselves called `other` joins the tail.
sizes as (

    select
        breakdown,
        category,
        row_number() over (
            partition by breakdown
            order by sum(records) desc, category asc
        ) as size_rank
    from facts
    where category_rank is null and lower(category) <> 'other'
    group by 1, 2

),

named as (

    select
        facts.breakdown,
        facts.category_rank is null
        and coalesce(sizes.size_rank > agreed.shown_categories, true) as is_tail,
        case
            when facts.category_rank is not null or sizes.size_rank <= agreed.shown_categories
                then facts.category
            else agreed.tail_name
        end as category,
        facts.category_rank,
        facts.occurred_on,
        facts.segment,
        facts.region,
        facts.source,
        facts.duration_days,
        facts.numerator,
        facts.denominator,
        facts.records
    from facts
    cross join agreed
    left join sizes
        on facts.breakdown = sizes.breakdown
            and facts.category = sizes.category
            and facts.category_rank is null

),

summed as (

    select
        named.breakdown,
        named.category,
        named.category_rank,
        named.is_tail,
        periods.period,
        periods.compare,
        coalesce(named.segment, 'All') as segment,
        coalesce(named.region, 'All') as region,
        coalesce(named.source, 'All') as source,
        cast(round(sum(named.numerator), 2) as {{ double_type() }}) as numerator,
        cast(round(sum(named.denominator), 2) as {{ double_type() }}) as denominator,
        cast(null as {{ double_type() }}) as p25,
        cast(null as {{ double_type() }}) as median,
        cast(null as {{ double_type() }}) as p75,
        cast(sum(named.records) as bigint) as records
    from named
    inner join periods
        on named.occurred_on between periods.starts_on and periods.ends_on
    where named.duration_days is null
    group by
        named.breakdown, named.category, named.category_rank, named.is_tail,
        periods.period, periods.compare,
        cube (named.segment, named.region, named.source)

),

durations as (

    select
        named.breakdown,
        named.category,
        named.category_rank,
        named.is_tail,
        periods.period,
        periods.compare,
        coalesce(named.segment, 'All') as segment,
        coalesce(named.region, 'All') as region,
        coalesce(named.source, 'All') as source,
        cast(null as {{ double_type() }}) as numerator,
        cast(null as {{ double_type() }}) as denominator,
        {{ quartile('named.duration_days', 1) }} as p25,
        {{ quartile('named.duration_days', 2) }} as median,
        {{ quartile('named.duration_days', 3) }} as p75,
        cast(count(*) as bigint) as records
    from named
    inner join periods
        on named.occurred_on between periods.starts_on and periods.ends_on
    where named.duration_days is not null
    group by
        named.breakdown, named.category, named.category_rank, named.is_tail,
        periods.period, periods.compare,
        cube (named.segment, named.region, named.source)

),

-- A movement is made for each period as a whole, not from days.
moved as (

    select
        breakdown,
        category,
        category_rank,
        false as is_tail,
        period,
        'current' as compare,
        coalesce(segment, 'All') as segment,
        coalesce(region, 'All') as region,
        coalesce(source, 'All') as source,
        cast(round(sum(amount), 2) as {{ double_type() }}) as numerator,
        cast(null as {{ double_type() }}) as denominator,
        cast(null as {{ double_type() }}) as p25,
        cast(null as {{ double_type() }}) as median,
        cast(null as {{ double_type() }}) as p75,
        cast(count(*) as bigint) as records
    from movement_steps
    group by breakdown, category, category_rank, period, cube (segment, region, source)

),

unioned as (

    select * from summed

    union all

    select * from durations

    union all

    select * from moved

),

-- Categories with an order of their own keep it; others stand by size, the tail last.
ranked as (

    select
        unioned.*,
        row_number() over (
            partition by breakdown, period, compare, segment, region, source
            order by
                category_rank asc,
                is_tail asc,
                coalesce(numerator / nullif(denominator, 0), numerator) desc,
                records desc,
                category asc
        ) as position
    from unioned

),

added_up as (

    select
        ranked.*,
        sum(numerator) over (
            partition by breakdown, period, compare, segment, region, source
            order by position
            rows between unbounded preceding and current row
        ) as sum_so_far
    from ranked

)

select
    breakdown,
    category,
    category_rank,
    period,
    compare,
    segment,
    region,
    source,
    cast(position as bigint) as position,
    numerator,
    denominator,
    case
        when median is not null then cast(median as {{ double_type() }})
        when denominator is null then numerator
        when denominator <> 0 then numerator / denominator
    end as value,
    cast(p25 as {{ double_type() }}) as p25,
    cast(p75 as {{ double_type() }}) as p75,
    case when denominator is null then cast(round(sum_so_far, 2) as {{ double_type() }}) end
        as cumulative,
    records as n
from added_up
