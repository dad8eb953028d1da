-- The periods that the audit counts: those that a reader of the pages can choose, and every fiscal
-- quarter and calendar month since anything was counted, for two teams that argue about one.
-- A fiscal year has the name of the calendar year in which it ends.
with

compared as (

    select * from {{ ref('int_competing_mql') }}

),

periods as (

    select * from {{ ref('period') }}
    where compare = 'current'

),

days as (

    select * from {{ ref('calendar_day') }}

),

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

first_counted as (

    select
        min(claimed_on) as claimed_on,
        min(mql_on) as mql_on
    from compared

),

-- A month before anything was counted has no count to argue about; the running one always has.
bounds as (

    select
        today.today_on,
        today.fiscal_shift,
        least(
            coalesce(first_counted.claimed_on, today.today_on),
            coalesce(first_counted.mql_on, today.today_on)
        ) as first_on
    from today
    cross join first_counted

),

months as (

    select distinct
        cast({{ dbt.date_trunc('month', 'days.day') }} as date) as month_on,
        days.fiscal_quarter as quarter_on,
        bounds.today_on,
        bounds.fiscal_shift
    from days
    inner join bounds
        on days.day >= bounds.first_on
            and days.day <= bounds.today_on

),

-- With its place in a calendar year that begins as the fiscal year does.
shifted_quarters as (

    select distinct
        quarter_on,
        cast({{ dbt.dateadd('month', '-fiscal_shift', 'quarter_on') }} as date) as shifted_on,
        today_on,
        fiscal_shift
    from months

),

quarters as (

    select
        quarter_on,
        extract(year from shifted_on) + case when fiscal_shift > 0 then 1 else 0 end as fiscal_year,
        extract(quarter from shifted_on) as fiscal_quarter,
        today_on
    from shifted_quarters

),

named as (

    select
        'window' as kind,
        period,
        label,
        starts_on,
        ends_on,
        sort_order
    from periods

    union all

    select
        'quarter' as kind,
        cast(fiscal_year as {{ dbt.type_string() }})
        || '-Q' || cast(fiscal_quarter as {{ dbt.type_string() }}) as period,
        'Fiscal quarter '
        || cast(fiscal_year as {{ dbt.type_string() }})
        || '-Q' || cast(fiscal_quarter as {{ dbt.type_string() }}) as label,
        quarter_on as starts_on,
        least(
            cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 3, 'quarter_on')) }} as date),
            today_on
        ) as ends_on,
        100 as sort_order
    from quarters

    union all

    select
        'month' as kind,
        substring(cast(month_on as {{ dbt.type_string() }}), 1, 7) as period,
        'Month ' || substring(cast(month_on as {{ dbt.type_string() }}), 1, 7) as label,
        month_on as starts_on,
        least(
            cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'month_on')) }} as date),
            today_on
        ) as ends_on,
        200 as sort_order
    from months

)

select
    period,
    kind,
    label,
    starts_on,
    ends_on,
    cast(sort_order as bigint) as sort_order
from named
