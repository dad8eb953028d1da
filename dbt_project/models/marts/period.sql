-- The periods that a reader can choose, and what each is compared with.
-- Days are those of the reporting zone, both ends included. A running quarter is compared with the
-- same number of days of the other quarter, never with the whole of it.
with

calendar as (

    select * from {{ ref('calendar') }}

),

this_run as (

    select * from {{ ref('run') }}

),

today as (

    select
        {{ reporting_date('this_run.as_of', 'calendar.reporting_time_zone') }} as today_on,
        cast(calendar.fiscal_year_start_month as integer) - 1 as fiscal_shift
    from this_run
    cross join calendar

),

-- Quarters are those of the fiscal year.
quarter_start as (

    select
        today_on,
        {{ fiscal_quarter_of('today_on', 'fiscal_shift') }} as quarter_on
    from today

),

bounds as (

    select
        today_on,
        quarter_on,
        cast({{ dbt.dateadd('month', -3, 'quarter_on') }} as date) as last_quarter_on,
        {{ dbt.datediff('quarter_on', 'today_on', 'day') }} as quarter_days
    from quarter_start

),

current_periods as (

    select
        1 as sort_order,
        'last_30_days' as period,
        'Last 30 days' as label,
        cast({{ dbt.dateadd('day', -29, 'today_on') }} as date) as starts_on,
        today_on as ends_on,
        false as is_partial
    from bounds

    union all

    select
        2 as sort_order,
        'last_90_days' as period,
        'Last 90 days' as label,
        cast({{ dbt.dateadd('day', -89, 'today_on') }} as date) as starts_on,
        today_on as ends_on,
        false as is_partial
    from bounds

    union all

    select
        3 as sort_order,
        'this_quarter' as period,
        'This quarter' as label,
        quarter_on as starts_on,
        today_on as ends_on,
        true as is_partial
    from bounds

    union all

    select
        4 as sort_order,
        'last_quarter' as period,
        'Last quarter' as label,
        last_quarter_on as starts_on,
        cast({{ dbt.dateadd('day', -1, 'quarter_on') }} as date) as ends_on,
        false as is_partial
    from bounds

    union all

    select
        5 as sort_order,
        'last_12_months' as period,
        'Last 12 months' as label,
        cast({{ dbt.dateadd('day', 1, dbt.dateadd('month', -12, 'today_on')) }} as date)
            as starts_on,
        today_on as ends_on,
        false as is_partial
    from bounds

    union all

    select
        6 as sort_order,
        'all_time' as period,
        'All time' as label,
        cast('1900-01-01' as date) as starts_on,
        today_on as ends_on,
        false as is_partial
    from bounds

),

prior_periods as (

    select
        current_periods.sort_order,
        current_periods.period,
        case current_periods.period
            when 'last_30_days' then 'prior 30 days'
            when 'last_90_days' then 'prior 90 days'
            when 'this_quarter' then 'same days of last quarter'
            when 'last_quarter' then 'the quarter before'
            else 'prior 12 months'
        end as label,
        case current_periods.period
            when 'last_30_days'
                then cast({{ dbt.dateadd('day', -30, 'current_periods.starts_on') }} as date)
            when 'last_90_days'
                then cast({{ dbt.dateadd('day', -90, 'current_periods.starts_on') }} as date)
            when 'last_12_months'
                then cast({{ dbt.dateadd('month', -12, 'current_periods.starts_on') }} as date)
            else cast({{ dbt.dateadd('month', -3, 'current_periods.starts_on') }} as date)
        end as starts_on,
        case current_periods.period
            when 'this_quarter'
                then least(
                        cast({{ dbt.dateadd(
                            'day', 'bounds.quarter_days', 'bounds.last_quarter_on'
                        ) }} as date),
                        cast({{ dbt.dateadd('day', -1, 'bounds.quarter_on') }} as date)
                    )
            else cast({{ dbt.dateadd('day', -1, 'current_periods.starts_on') }} as date)
        end as ends_on,
        false as is_partial
    from current_periods
    cross join bounds
    where current_periods.period <> 'all_time'

),

year_ago_periods as (

    select
        current_periods.sort_order,
        current_periods.period,
        'a year ago' as label,
        cast({{ dbt.dateadd('month', -12, 'current_periods.starts_on') }} as date) as starts_on,
        cast({{ dbt.dateadd('month', -12, 'current_periods.ends_on') }} as date) as ends_on,
        false as is_partial
    from current_periods
    where current_periods.period <> 'all_time'

),

unioned as (

    select
        'current' as compare,
        *
    from current_periods

    union all

    select
        'prior' as compare,
        *
    from prior_periods

    union all

    select
        'year_ago' as compare,
        *
    from year_ago_periods

)

select
    period,
    compare,
    label,
    starts_on,
    ends_on,
    is_partial,
    cast(sort_order as bigint) as sort_order
from unioned
