-- What became of each MQL on the sales side, one row an MQL: when it was assigned to a person, the
-- first decision at or after the MQL, who owned it then, and whether its record is deleted.
-- A decision of a machine or under a queue is no acceptance; a lead that is accepted while a queue
-- owns it is accepted once a person takes it.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select
        mql.*,
        {{ reporting_date('mql.mql_at', 'calendar.reporting_time_zone') }} as mql_day
    from {{ ref('mql') }} as mql
    cross join calendar
    where mql.is_mql

),

-- What is known of others is not looked at: most people are no MQL.
qualified as (

    select distinct person_id from mqls

),

status_events as (

    select status_events.*
    from {{ ref('int_status_event') }} as status_events
    inner join qualified on status_events.person_id = qualified.person_id

),

owner_stays as (

    select owner_stays.*
    from {{ ref('int_owner_event') }} as owner_stays
    inner join qualified on owner_stays.person_id = qualified.person_id

),

records as (

    select records.*
    from {{ ref('person_record') }} as records
    inner join qualified on records.person_id = qualified.person_id

),

people as (

    select * from {{ ref('int_person') }}

),

status_stays as (

    select
        status_events.*,
        lead(event_at) over (partition by person_id order by sequence) as next_event_at
    from status_events

),

-- Of two owners in the same second the first one never had the lead.
person_stays as (

    select * from owner_stays
    where is_person
        and (owned_until is null or owned_until > owned_at)

),

-- Decisions within the attempt, at or after the MQL; a conversion accepts what was not accepted.
decisions as (

    select
        mqls.episode_id,
        status_stays.event_at as decided_at,
        status_stays.sequence,
        case
            when status_stays.kind in ('accepted', 'converted') then 'accepted'
            else status_stays.kind
        end as decision,
        coalesce(status_stays.owner_id, status_stays.changed_by) as owner_id,
        status_stays.changed_by
    from mqls
    inner join status_stays
        on mqls.person_id = status_stays.person_id
            and mqls.mql_at <= status_stays.event_at
            and status_stays.event_at <= coalesce(mqls.closed_at, status_stays.event_at)
    where status_stays.kind in ('rejected', 'recycled', 'disqualified')
        or (
            status_stays.kind in ('accepted', 'converted')
            and status_stays.is_by_sales
            and (status_stays.owner_id is null or status_stays.is_owner_person)
        )

),

-- A person took over while the status said accepted already, set by a sales user under a queue.
takeovers as (

    select
        mqls.episode_id,
        person_stays.owned_at as decided_at,
        status_stays.sequence,
        'accepted' as decision,
        person_stays.owner_id,
        status_stays.changed_by
    from mqls
    inner join status_stays
        on mqls.person_id = status_stays.person_id
            and mqls.mql_at <= status_stays.event_at
            and status_stays.kind = 'accepted'
            and status_stays.is_by_sales
            and not coalesce(status_stays.is_owner_person, true)
    inner join person_stays
        on mqls.person_id = person_stays.person_id
            and status_stays.event_at < person_stays.owned_at
            and person_stays.owned_at
            < coalesce(status_stays.next_event_at, cast('9999-12-31' as timestamp))
            and person_stays.owned_at <= coalesce(mqls.closed_at, person_stays.owned_at)

),

ranked as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.episode_id
            order by candidates.decided_at, candidates.sequence
        ) as choice
    from (
        select * from decisions
        union all
        select * from takeovers
    ) as candidates

),

-- The first assignment to a person; at the MQL itself where one had it already.
assignments as (

    select
        mqls.episode_id,
        min(greatest(person_stays.owned_at, mqls.mql_at)) as assigned_at
    from mqls
    inner join person_stays
        on mqls.person_id = person_stays.person_id
            and coalesce(person_stays.owned_until, cast('9999-12-31' as timestamp)) > mqls.mql_at
            and person_stays.owned_at <= coalesce(mqls.closed_at, person_stays.owned_at)
    group by 1

),

owners_now as (

    select * from owner_stays
    where owned_until is null

),

with_status as (

    select distinct person_id from status_events
    where kind <> 'none'

),

-- The records that speak are what can be worked; when all of them are gone, so is the MQL.
speaking as (

    select
        records.person_id,
        min(case when records.deleted_at <= run.as_of then 1 else 0 end) as is_deleted
    from records
    cross join run
    where records.speaks
    group by 1

),

handoffs as (

    select
        mqls.episode_id,
        mqls.person_id,
        mqls.mql_day,
        assignments.assigned_at,
        ranked.decision,
        ranked.decided_at,
        ranked.changed_by as decided_by,
        case when ranked.decision = 'accepted' then ranked.decided_at end as accepted_at,
        case
            when ranked.decision = 'accepted' then ranked.owner_id
            else owners_now.owner_id
        end as owner_id,
        case
            when ranked.decision = 'accepted' then true
            else coalesce(owners_now.is_person, false)
        end as is_owned_by_person,
        with_status.person_id is not null as has_status,
        coalesce(speaking.is_deleted, 0) = 1 or people.deleted_at is not null as is_deleted
    from mqls
    left join ranked
        on mqls.episode_id = ranked.episode_id
            and ranked.choice = 1
    left join assignments on mqls.episode_id = assignments.episode_id
    left join owners_now on mqls.person_id = owners_now.person_id
    left join with_status on mqls.person_id = with_status.person_id
    left join speaking on mqls.person_id = speaking.person_id
    left join people on mqls.person_id = people.person_id

)

select * from handoffs
