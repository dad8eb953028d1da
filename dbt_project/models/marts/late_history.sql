-- The records whose history starts late: when they first entered a status or stage before
-- `known_from` cannot be known, and figures say so.
with

starts as (

    select * from {{ ref('int_history_start') }}
    where is_late

)

select
    system,
    object,
    field,
    record_id,
    created_at,
    known_from
from starts
