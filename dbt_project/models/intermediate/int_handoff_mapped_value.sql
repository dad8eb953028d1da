-- Every lead status and rejection reason that a mapping had to name, and whether it could.
-- What no mapping knows of the reasons may be free text, so it is not repeated here.
with

status_events as (

    select * from {{ ref('int_status_event') }}

),

reasons as (

    select * from {{ ref('rejection_reason') }}

),

statuses as (

    select
        'lead_status' as mapping,
        system,
        raw_status as value,
        event_at as given_at,
        kind = 'unmapped' as is_unmapped
    from status_events
    where raw_status is not null

),

given_reasons as (

    select
        'rejection_reason' as mapping,
        status_events.system,
        coalesce(reasons.raw_reason, '(free text)') as value,
        status_events.event_at as given_at,
        reasons.raw_reason is null as is_unmapped
    from status_events
    left join reasons
        on lower(trim(status_events.raw_reason)) = lower(trim(reasons.raw_reason))
    where status_events.raw_reason is not null
        and status_events.kind in ('rejected', 'recycled', 'disqualified')

),

mapped as (

    select * from statuses
    union all
    select * from given_reasons

)

select * from mapped
