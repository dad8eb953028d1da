-- One row per week from the first conversation or decision on, until the one that still runs.
-- Weeks begin on the day that the calendar says; a week is complete when its last day is over.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

days as (

    select * from {{ ref('int_calendar_day') }}

),

conversations as (

    select * from {{ ref('int_conversation_note') }}

),

first_decision as (

    select min(decided_at) as decided_at from {{ ref('rejection') }}

),

bounds as (

    select
        {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }} as today_on,
        calendar.week_start,
        least(
            coalesce(
                (select min(conversations.held_on) from conversations),
                {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }}
            ),
            coalesce(
                {{ reporting_date('first_decision.decided_at', 'calendar.reporting_time_zone') }},
                {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }}
            )
        ) as first_on
    from run
    cross join calendar
    cross join first_decision

),

weeks as (

    select distinct
        {{ week_of('days.day', 'bounds.week_start') }} as week_start,
        bounds.today_on
    from days
    inner join bounds
        on days.day >= {{ dbt.dateadd('day', -7, 'bounds.first_on') }}
            and days.day <= bounds.today_on

),

numbered as (

    select
        week_start,
        cast({{ dbt.dateadd('day', 6, 'week_start') }} as date) as week_end,
        {{ dbt.dateadd('day', 6, 'week_start') }} < today_on as is_complete,
        cast(row_number() over (order by week_start) as bigint) as week_number
    from weeks

),

-- The week that a Monday's review looks at: the last one that is over.
reviewed as (

    select
        numbered.*,
        coalesce(
            numbered.week_start = max(case when is_complete then week_start end) over (), false
        ) as is_reviewed
    from numbered

)

select * from reviewed
