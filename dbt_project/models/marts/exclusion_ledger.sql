-- What was left out of the metrics and why: people and opportunities, by reason. Nothing vanishes.
with

leads as (

    select * from {{ ref('lead') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}

),

left_out as (

    select
        'person' as subject,
        exclusion_reason as reason
    from leads
    where exclusion_reason is not null

    union all

    select
        'person' as subject,
        'deleted in the CRM' as reason
    from leads
    where exclusion_reason is null and deleted_at is not null

    union all

    select
        'opportunity' as subject,
        case
            when not c_new_business then 'not new business'
            when not c_not_removed then 'duplicate or removed'
            when not c_not_excluded then coalesce(exclusion_reason, 'excluded')
            else 'never accepted into pipeline'
        end as reason
    from opportunities
    where not is_pipeline

)

select
    subject,
    reason,
    cast(count(*) as bigint) as records
from left_out
group by 1, 2
