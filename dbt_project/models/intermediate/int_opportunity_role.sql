select
    cast(null as varchar) as opportunity_id,
    cast(null as varchar) as person_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link,
    cast(null as boolean) as is_primary,
    cast(null as timestamp) as created_at,
    cast(null as varchar) as created_by
from {{ ref('run') }}
where false
