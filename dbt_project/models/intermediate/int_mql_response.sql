-- The first human response to each MQL, one row an MQL, with the moments the clocks run between.
-- A response is a call, e-mail or meeting of a user, or a decision by one; never an automated
-- touch, never one before the MQL, and one after the next MQL answers that one.
with

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select
        mql.*,
        lead(mql.mql_at) over (partition by mql.person_id order by mql.mql_at) as next_mql_at
    from {{ ref('mql') }} as mql
    where mql.is_mql

),

handoffs as (

    select * from {{ ref('int_mql_handoff') }}

),

touches as (

    select * from {{ ref('int_touch') }}

),

status_events as (

    select * from {{ ref('int_status_event') }}

),

-- What is known of others is not looked at: most people are no MQL.
qualified as (

    select distinct person_id from mqls

),

owner_stays as (

    select owner_stays.*
    from {{ ref('int_owner_event') }} as owner_stays
    inner join qualified on owner_stays.person_id = qualified.person_id

),

responses as (

    select
        person_id,
        touched_at as responded_at
    from touches
    where is_human
        and not is_by_prospect
        and kind in ('call', 'email', 'meeting')
    union all
    select
        person_id,
        event_at as responded_at
    from status_events
    where is_by_person
        and kind in ('accepted', 'rejected', 'recycled', 'disqualified', 'converted')

),

first_responses as (

    select
        mqls.episode_id,
        min(responses.responded_at) as responded_at
    from mqls
    inner join responses
        on mqls.person_id = responses.person_id
            and mqls.mql_at <= responses.responded_at
            and responses.responded_at
            < coalesce(mqls.next_mql_at, cast('9999-12-31' as timestamp))
    group by 1

),

-- The clock of the one who answered: it restarts when the person is handed to somebody else. Who
-- had the person no more when the MQL came has none, nor has the first of two owners in one second.
last_assignments as (

    select
        mqls.episode_id,
        max(greatest(owner_stays.owned_at, mqls.mql_at)) as last_assigned_at
    from mqls
    inner join first_responses on mqls.episode_id = first_responses.episode_id
    inner join owner_stays
        on mqls.person_id = owner_stays.person_id
            and owner_stays.is_person
            and first_responses.responded_at >= owner_stays.owned_at
            and coalesce(owner_stays.owned_until, {{ far_future() }}) > mqls.mql_at
            and coalesce(owner_stays.owned_until, {{ far_future() }}) > owner_stays.owned_at
    group by 1

),

answered as (

    select
        mqls.episode_id,
        mqls.person_id,
        mqls.mql_at,
        mqls.mql_trigger,
        handoffs.assigned_at,
        last_assignments.last_assigned_at,
        first_responses.responded_at,
        {{ reporting_date('mqls.mql_at', 'calendar.reporting_time_zone') }} as mql_day,
        {{ reporting_date('handoffs.assigned_at', 'calendar.reporting_time_zone') }}
            as assigned_day,
        {{ reporting_date('last_assignments.last_assigned_at', 'calendar.reporting_time_zone') }}
            as last_assigned_day,
        {{ reporting_date('first_responses.responded_at', 'calendar.reporting_time_zone') }}
            as responded_day
    from mqls
    cross join calendar
    left join handoffs on mqls.episode_id = handoffs.episode_id
    left join first_responses on mqls.episode_id = first_responses.episode_id
    left join last_assignments on mqls.episode_id = last_assignments.episode_id

)

select * from answered
