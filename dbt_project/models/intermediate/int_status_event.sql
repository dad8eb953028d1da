select
    cast(null as varchar) as person_id,
    cast(null as timestamp) as event_at,
    cast(null as varchar) as kind,
    cast(null as varchar) as raw_status,
    cast(null as varchar) as raw_reason,
    cast(null as date) as revisit_on,
    cast(null as varchar) as changed_by,
    cast(null as boolean) as is_by_person,
    cast(null as varchar) as owner_id,
    cast(null as varchar) as system,
    cast(null as varchar) as object,
    cast(null as varchar) as record_id,
    cast(null as bigint) as sequence
from {{ ref('run') }}
where false
