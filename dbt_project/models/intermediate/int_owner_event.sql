select
    cast(null as varchar) as person_id,
    cast(null as timestamp) as owned_at,
    cast(null as varchar) as owner_id,
    cast(null as boolean) as is_person,
    cast(null as bigint) as sequence
from {{ ref('run') }}
where false
