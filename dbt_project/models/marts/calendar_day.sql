-- One row per day, for tools that need a time spine, with the first day of the fiscal quarter and
-- of the week in which it lies: theirs begin with January and on Monday.
with

days as (

    select * from {{ ref('int_calendar_day') }}

),

calendar as (

    select
        week_start,
        cast(fiscal_year_start_month as integer) - 1 as fiscal_shift
    from {{ ref('calendar') }}

)

select
    days.day,
    {{ fiscal_quarter_of('days.day', 'calendar.fiscal_shift') }} as fiscal_quarter,
    {{ week_of('days.day', 'calendar.week_start') }} as week_start
from days
cross join calendar
