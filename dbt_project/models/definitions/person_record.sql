select
    cast(null as varchar) as system,
    cast(null as varchar) as object,
    cast(null as varchar) as record_id,
    cast(null as varchar) as person_id,
    cast(null as varchar) as rule,
    cast(null as boolean) as is_survivor,
    cast(null as boolean) as speaks,
    cast(null as timestamp) as created_at,
    cast(null as timestamp) as deleted_at
from {{ ref('run') }}
where false
