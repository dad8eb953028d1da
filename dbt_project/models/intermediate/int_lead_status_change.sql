-- Status changes of the Salesforce leads that speak for their person, one row a change; of a lead
-- that was merged away those from before, since what sales decided then happened.
-- The reason and the day to revisit are those that stood until the next change; without a history
-- of theirs, what the lead shows now belongs to its latest decision.
with

person_leads as (

    select * from {{ ref('person_record') }}
    where object = 'Lead'

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

statuses as (

    select
        lead_status.*,
        {{ validity_moments('lead_status') }}
    from {{ ref('lead_status') }} as lead_status
    cross join calendar
    where lead_status.system = 'salesforce'

),

tracking as (

    select min(created_at) as tracked_since from history

),

status_history as (

    select
        history.lead_id,
        history.created_at as event_at,
        history.old_value,
        history.new_value as raw_status,
        history.created_by as changed_by,
        row_number() over (
            partition by history.lead_id
            order by history.created_at, coalesce(statuses.status_rank, 0), history.history_id
        ) as number_from_first,
        lead(history.history_id) over (
            partition by history.lead_id
            order by history.created_at, coalesce(statuses.status_rank, 0), history.history_id
        ) is null as is_last
    from history
    left join statuses
        on lower({{ trimmed('history.new_value') }}) = lower(trim(statuses.status))
            and history.created_at >= statuses.starts_at
            and history.created_at < statuses.ends_at
    where history.field = 'Status'

),

conversions as (

    select
        lead_id,
        min(created_at) as converted_at,
        min(created_by) as converted_by
    from history
    where field = 'leadConverted'
    group by 1

),

-- The status a lead was created in: what its first change came from, else what it has now.
created as (

    select
        leads.lead_id,
        leads.created_at as event_at,
        case
            when status_history.lead_id is not null then status_history.old_value
            when leads.is_converted then null
            else leads.status
        end as raw_status,
        leads.created_by as changed_by,
        true as is_created_in_stage,
        leads.created_at < coalesce(tracking.tracked_since, leads.modified_at) as is_left_censored
    from leads
    cross join tracking
    left join status_history
        on leads.lead_id = status_history.lead_id
            and status_history.number_from_first = 1

),

-- What no history row tells although the lead shows it: seen only when it was last modified.
unrecorded as (

    select
        leads.lead_id,
        coalesce(
            conversions.converted_at,
            case
                when leads.is_converted then greatest(
                        leads.created_at,
                        {{ start_of_day('leads.converted_date', 'calendar.reporting_time_zone') }}
                    )
            end,
            leads.modified_at
        ) as event_at,
        leads.status as raw_status,
        conversions.converted_by as changed_by,
        false as is_created_in_stage,
        conversions.converted_at is null as is_left_censored
    from leads
    cross join calendar
    left join status_history
        on leads.lead_id = status_history.lead_id
            and status_history.is_last
    left join conversions on leads.lead_id = conversions.lead_id
    where leads.status is not null
        and (
            lower({{ trimmed('leads.status') }})
            <> lower({{ trimmed('status_history.raw_status') }})
            or (status_history.lead_id is null and leads.is_converted)
        )

),

changes as (

    select
        lead_id,
        event_at,
        raw_status,
        changed_by,
        is_created_in_stage,
        is_left_censored
    from created
    where raw_status is not null
    union all
    select
        lead_id,
        event_at,
        raw_status,
        changed_by,
        false as is_created_in_stage,
        false as is_left_censored
    from status_history
    union all
    select
        lead_id,
        event_at,
        raw_status,
        changed_by,
        is_created_in_stage,
        is_left_censored
    from unrecorded

),

ranked as (

    select
        changes.*,
        coalesce(statuses.status_rank, 0) as status_rank,
        coalesce(statuses.kind in ('rejected', 'recycled', 'disqualified'), false) as is_decision
    from changes
    left join statuses
        on lower({{ trimmed('changes.raw_status') }}) = lower(trim(statuses.status))
            and changes.event_at >= statuses.starts_at
            and changes.event_at < statuses.ends_at

),

bounded as (

    select
        ranked.*,
        lead(event_at) over (
            partition by lead_id
            order by event_at, status_rank
        ) as next_event_at,
        sum(case when is_decision then 1 else 0 end) over (
            partition by lead_id
            order by event_at, status_rank
            rows between 1 following and unbounded following
        ) as later_decisions
    from ranked

),

-- What the two fields held just before the next change, where their history is tracked. A reason
-- given in the very second of a change is of that change, also when another one follows in it.
noted as (

    select
        bounded.lead_id,
        bounded.event_at,
        bounded.raw_status,
        history.field,
        history.new_value,
        row_number() over (
            partition by
                bounded.lead_id,
                bounded.event_at,
                bounded.raw_status,
                history.field
            order by history.created_at desc, history.history_id desc
        ) as number_from_last
    from bounded
    inner join history
        on bounded.lead_id = history.lead_id
            and history.field in ('Rejection_Reason__c', 'Revisit_On__c')
            and (
                history.created_at < coalesce(bounded.next_event_at, {{ far_future() }})
                or bounded.event_at = history.created_at
            )

),

notes as (

    select
        lead_id,
        event_at,
        raw_status,
        max(case when field = 'Rejection_Reason__c' then new_value end) as reason,
        max(case when field = 'Revisit_On__c' then new_value end) as revisit_on,
        max(case when field = 'Rejection_Reason__c' then 1 else 0 end) as has_reason_history,
        max(case when field = 'Revisit_On__c' then 1 else 0 end) as has_revisit_history
    from noted
    where number_from_last = 1
    group by 1, 2, 3

),

status_changes as (

    select
        person_leads.person_id,
        bounded.event_at,
        bounded.raw_status,
        case
            when notes.has_reason_history = 1 then notes.reason
            when bounded.is_decision and coalesce(bounded.later_decisions, 0) = 0
                then leads.rejection_reason
        end as raw_reason,
        case
            when notes.has_revisit_history = 1 then {{ as_date('notes.revisit_on') }}
            when bounded.is_decision and coalesce(bounded.later_decisions, 0) = 0
                then leads.revisit_on
        end as revisit_on,
        bounded.changed_by,
        false as is_by_hand,
        false as is_by_machine,
        'salesforce' as system,
        'Lead' as object,
        bounded.lead_id as record_id,
        bounded.is_created_in_stage,
        bounded.is_left_censored
    from bounded
    inner join person_leads
        on bounded.lead_id = person_leads.record_id
            and (person_leads.speaks or bounded.event_at < person_leads.deleted_at)
    inner join leads on bounded.lead_id = leads.lead_id
    left join notes
        on bounded.lead_id = notes.lead_id
            and bounded.event_at = notes.event_at
            and bounded.raw_status = notes.raw_status

)

select * from status_changes
