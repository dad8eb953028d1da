-- Values of the CRMs that no mapping knows, most frequent first in each list: each is a row to add
-- to a seed. `share_90_days` is the part of all values of the last 90 days that is unmapped.
with

this_run as (

    select * from {{ ref('run') }}

),

statuses as (

    select * from {{ ref('int_status_event') }}

),

sources as (

    select * from {{ ref('int_person_source') }}

),

rejections as (

    select * from {{ ref('rejection') }}

),

opportunity_values as (

    select * from {{ ref('int_opportunity_mapped_value') }}

),

-- What colleagues typed into a note may be anything, so it is counted and not repeated.
notes as (

    select
        'objection' as mapping,
        objection as value,
        held_at
    from {{ ref('int_conversation') }}

    union all

    select
        'content' as mapping,
        content as value,
        held_at
    from {{ ref('int_conversation') }}

    union all

    select
        'competitor_claim' as mapping,
        claim as value,
        held_at
    from {{ ref('int_conversation') }}

    union all

    select
        'disqualifying_criterion' as mapping,
        criterion as value,
        held_at
    from {{ ref('int_conversation') }}

),

valued as (

    select
        'lead_status' as mapping,
        raw_status as value,
        event_at,
        case when kind = 'unmapped' then 1 else 0 end as is_unmapped
    from statuses

    union all

    select
        'source' as mapping,
        raw_source as value,
        first_sourced_at as event_at,
        case when source = 'Unmapped' then 1 else 0 end as is_unmapped
    from sources

    union all

    select
        'rejection_reason' as mapping,
        raw_reason as value,
        decided_at as event_at,
        case when reason = 'unmapped' then 1 else 0 end as is_unmapped
    from rejections

    union all

    select
        mapping,
        value,
        given_at as event_at,
        case when is_unmapped then 1 else 0 end as is_unmapped
    from opportunity_values

    union all

    select
        mapping,
        case when value = 'unmapped' then '(free text)' else value end as value,
        held_at as event_at,
        case when value = 'unmapped' then 1 else 0 end as is_unmapped
    from notes
    where value is not null

),

recent as (

    select
        valued.mapping,
        sum(valued.is_unmapped) as unmapped,
        count(*) as records
    from valued
    cross join this_run
    where valued.event_at >= {{ dbt.dateadd('day', -90, 'this_run.as_of') }}
        and valued.value is not null
    group by 1

),

counted as (

    select
        mapping,
        coalesce(value, '(empty)') as value,
        count(*) as records,
        max(event_at) as last_seen_at
    from valued
    where is_unmapped = 1
    group by 1, 2

)

select
    counted.mapping,
    counted.value,
    cast(counted.records as bigint) as records,
    counted.last_seen_at,
    case
        when recent.records > 0
            then cast(recent.unmapped as {{ double_type() }}) / recent.records
    end as share_90_days
from counted
left join recent
    on counted.mapping = recent.mapping
