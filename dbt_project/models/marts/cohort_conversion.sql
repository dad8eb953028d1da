-- Of the MQLs of each month (vintage), the share that came further within so many days. Only MQLs
-- that have had these days count, in the upper and in the lower part, so a young month is blank and
-- not low, and a figure of a month that has had its days moves only when late data arrives.
with

agreed as (

    select
        13 as weeks_followed,
        26 as last_week_followed

),

progress as (

    select * from {{ ref('int_mql_progress') }}

),

days as (

    select * from {{ ref('int_calendar_day') }}

),

-- Every week of the first quarter of a year, and the half year.
numbered as (

    select row_number() over (order by day) as week from days

),

horizons as (

    select
        numbered.week,
        7 * numbered.week as within_days
    from numbered
    cross join agreed
    where numbered.week <= agreed.weeks_followed
        or numbered.week = agreed.last_week_followed

),

reached as (

    select
        episode_id,
        mql_at,
        mql_on,
        as_of,
        segment,
        region,
        source,
        'accepted' as reached,
        accepted_at as reached_at
    from progress

    union all

    select
        episode_id,
        mql_at,
        mql_on,
        as_of,
        segment,
        region,
        source,
        'opportunity' as reached,
        pipeline_at as reached_at
    from progress

    union all

    select
        episode_id,
        mql_at,
        mql_on,
        as_of,
        segment,
        region,
        source,
        'won' as reached,
        won_at as reached_at
    from progress

),

followed as (

    select
        reached.reached,
        cast({{ dbt.date_trunc('month', 'reached.mql_on') }} as date) as vintage,
        horizons.within_days,
        reached.segment,
        reached.region,
        reached.source,
        case
            when {{ dbt.dateadd('day', 'horizons.within_days', 'reached.mql_at') }} <= reached.as_of
                then 1
            else 0
        end as is_mature,
        case
            when
                reached.reached_at
                <= {{ dbt.dateadd('day', 'horizons.within_days', 'reached.mql_at') }}
                then 1
            else 0
        end as is_converted
    from reached
    cross join horizons

),

counted as (

    select
        reached,
        vintage,
        within_days,
        coalesce(segment, 'All') as segment,
        coalesce(region, 'All') as region,
        coalesce(source, 'All') as source,
        count(*) as entered,
        sum(is_mature) as mature,
        sum(is_mature * is_converted) as converted
    from followed
    group by grouping sets (
        (reached, vintage, within_days),
        (reached, vintage, within_days, segment),
        (reached, vintage, within_days, region),
        (reached, vintage, within_days, source)
    )

)

select
    reached,
    vintage,
    cast(within_days as bigint) as within_days,
    segment,
    region,
    source,
    cast(entered as bigint) as entered,
    cast(mature as bigint) as mature,
    cast(converted as bigint) as converted,
    cast(converted as {{ double_type() }}) / nullif(mature, 0) as rate,
    mature = entered as is_whole
from counted
