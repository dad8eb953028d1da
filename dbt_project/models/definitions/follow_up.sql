-- Follow-up
-- How fast a human answered an MQL, in business time, and whether that kept the promise. Routing
-- runs until a person owns it, working from the last hand-over until the answer. One row an MQL.
--
-- To change it, edit the seeds service_level, business_hours and holiday.
-- Both teams agree before it counts: see CONTRIBUTING.md.
with

run as (

    select * from {{ ref('run') }}

),

agreed as (

    select
        applies_to as mql_trigger,
        amount * 3600 as seconds_to_respond
    from {{ ref('service_level') }}
    where obligation = 'respond'

),

answers as (

    select * from {{ ref('int_mql_response') }}

),

business_days as (

    select * from {{ ref('int_business_day') }}

),

-- Business seconds since the calendar began, at each of the moments.
clocks as (

    select
        answers.episode_id,
        max({{ business_seconds('answers.mql_at', 'mql_days') }}) as mql_seconds,
        max(
            {{ business_seconds('answers.mql_at', 'mql_days') }} + agreed.seconds_to_respond
        ) as due_seconds,
        max({{ business_seconds('answers.assigned_at', 'assigned_days') }}) as assigned_seconds,
        max({{ business_seconds('answers.last_assigned_at', 'last_assigned_days') }})
            as last_assigned_seconds,
        max({{ business_seconds('answers.responded_at', 'responded_days') }}) as responded_seconds
    from answers
    inner join agreed on answers.mql_trigger = agreed.mql_trigger
    inner join business_days as mql_days on answers.mql_day = mql_days.day
    left join business_days as assigned_days on answers.assigned_day = assigned_days.day
    left join business_days as last_assigned_days
        on answers.last_assigned_day = last_assigned_days.day
    left join business_days as responded_days on answers.responded_day = responded_days.day
    group by 1

),

-- Days and deadlines in the order of business time: a deadline falls on the first day that ends at
-- or after it.
business_time as (

    select
        cast(null as {{ dbt.type_string() }}) as episode_id,
        day,
        seconds_until as at_seconds,
        1 as turn
    from business_days
    union all
    select
        episode_id,
        cast(null as date) as day,
        due_seconds as at_seconds,
        2 as turn
    from clocks

),

due_days as (

    select
        episode_id,
        min(day) over (order by at_seconds desc, turn asc rows unbounded preceding) as due_day
    from business_time

),

deadlines as (

    select
        clocks.*,
        {{ dbt.dateadd(
            'second', 'clocks.due_seconds - business_days.seconds_before', 'business_days.opens_at'
        ) }} as due_at
    from clocks
    inner join due_days on clocks.episode_id = due_days.episode_id
    inner join business_days on due_days.due_day = business_days.day

),

clauses as (

    select
        answers.*,
        deadlines.due_at,
        deadlines.assigned_seconds - deadlines.mql_seconds as routing_seconds,
        deadlines.responded_seconds - deadlines.last_assigned_seconds as working_seconds,
        deadlines.responded_seconds - deadlines.mql_seconds as business_seconds,
        answers.responded_at is not null as c_answered,
        coalesce(answers.responded_at, run.as_of) <= deadlines.due_at as c_in_time
    from answers
    cross join run
    left join deadlines on answers.episode_id = deadlines.episode_id

),

judged as (

    select
        episode_id,
        person_id,
        mql_at,
        due_at,
        assigned_at,
        responded_at,
        cast(floor(routing_seconds / 60.0) as bigint) as routing_minutes,
        cast(floor(working_seconds / 60.0) as bigint) as working_minutes,
        cast(floor(business_seconds / 60.0) as bigint) as business_minutes,
        c_answered,
        c_in_time,
        case
            when not c_in_time then 'breached'
            when c_answered then 'met'
            else 'pending'
        end as status
    from clauses

)

select * from judged
