-- Every lead status and rejection reason that a mapping had to name, and whether it could.
-- What no mapping knows of the reasons may be free text, so it is not repeated here.
with

status_events as (

    select * from {{ ref('int_status_event') }}

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
        system,
        raw_reason as value,
        event_at as given_at,
        reason = 'unmapped' as is_unmapped
    from status_events
    where raw_reason is not null
        and kind in ('rejected', 'recycled', 'disqualified')

),

mapped as (

    select * from statuses
    union all
    select * from given_reasons

)

select * from mapped
