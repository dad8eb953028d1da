-- What was left out of the metrics and why: people and opportunities, by reason. Nothing vanishes.
with

people as (

    select * from {{ ref('int_person_exclusion') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}

),

left_out as (

    select
        'person' as subject,
        reason
    from people

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
