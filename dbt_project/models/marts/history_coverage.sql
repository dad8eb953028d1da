-- How much of the history is there: of how many records it starts after they were made, by field.
with

starts as (

    select * from {{ ref('int_history_start') }}

)

select
    system,
    object,
    field,
    cast(count(*) as bigint) as records,
    cast(sum(case when is_late then 1 else 0 end) as bigint) as late,
    cast(sum(case when is_late then 1 else 0 end) as {{ double_type() }}) / count(*) as share_late,
    min(known_from) as known_from
from starts
group by 1, 2, 3
