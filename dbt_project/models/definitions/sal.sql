-- SAL (sales accepted lead)
-- An MQL that a named sales user accepted, at or after it became one. One row an MQL: `outcome` is
-- the first decision; one that came later stands in "rejection", beside it.
--
-- To change it, edit "clauses" or the seeds lead_status, service_level and sales_user.
-- Both teams agree before it counts: see CONTRIBUTING.md.
with

run as (

    select * from {{ ref('run') }}

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

facts as (

    select * from {{ ref('int_mql_handoff') }}

),

agreed as (

    select
        applies_to as mql_trigger,
        amount as business_days_to_decide
    from {{ ref('service_level') }}
    where obligation = 'decide'

),

business_days as (

    select * from {{ ref('int_business_day') }}

),

known_statuses as (

    select * from {{ ref('int_status_known') }}

),

-- Business days are counted from the day after; the deadline is closing time of the last one.
due_days as (

    select
        mqls.episode_id,
        max(mql_days.business_days_until + agreed.business_days_to_decide) as due_day_number
    from mqls
    inner join facts on mqls.episode_id = facts.episode_id
    inner join business_days as mql_days on facts.mql_day = mql_days.day
    inner join agreed on mqls.mql_trigger = agreed.mql_trigger
    group by 1

),

deadlines as (

    select
        due_days.episode_id,
        business_days.closes_at as decision_due_at
    from due_days
    inner join business_days
        on due_days.due_day_number = business_days.business_days_until
            and business_days.is_business_day

),

clauses as (

    select
        mqls.episode_id,
        mqls.person_id,
        mqls.mql_at,
        facts.assigned_at,
        facts.owner_id,
        facts.is_owned_by_person as c_owned_by_person,
        facts.accepted_at is not null as c_accepted_status,
        facts.is_deleted,
        facts.has_status,
        facts.accepted_at,
        facts.decided_at,
        facts.decision,
        deadlines.decision_due_at,
        coalesce(mqls.mql_at < known_statuses.known_from, false) as is_left_censored
    from mqls
    left join facts on mqls.episode_id = facts.episode_id
    left join known_statuses on mqls.person_id = known_statuses.person_id
    left join deadlines on mqls.episode_id = deadlines.episode_id

),

outcomes as (

    select
        clauses.*,
        case
            when clauses.is_deleted then 'removed'
            when clauses.decision is not null then clauses.decision
            when not clauses.has_status then 'no_status'
            when run.as_of > clauses.decision_due_at then 'overdue'
            else 'pending'
        end as outcome
    from clauses
    cross join run

),

judged as (

    select
        episode_id,
        person_id,
        mql_at,
        assigned_at,
        owner_id,
        c_owned_by_person,
        c_accepted_status,
        outcome = 'accepted' as is_sal,
        outcome,
        case when outcome = 'accepted' then accepted_at end as accepted_at,
        case when outcome <> 'removed' then decided_at end as decided_at,
        decision_due_at,
        is_left_censored
    from outcomes

)

select * from judged
