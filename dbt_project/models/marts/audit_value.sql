-- Which statuses, stages, sources, types and reasons the CRMs use, how often, and what each is
-- mapped to. `share` is the part of all records of the object that bear it.
with

uses as (

    select * from {{ ref('int_value_use') }}

)

select
    mapping,
    system,
    object,
    field,
    value,
    means,
    cast(records as bigint) as records,
    cast(recent_changes as bigint) as recent_changes,
    case
        when sum(records) over (partition by system, object, field) > 0
            then cast(records as {{ double_type() }})
                / sum(records) over (partition by system, object, field)
    end as share,
    last_seen_at
from uses
