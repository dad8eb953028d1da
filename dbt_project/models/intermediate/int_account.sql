select
    cast(null as varchar) as account_id,
    cast(null as varchar) as system,
    cast(null as timestamp) as created_at,
    cast(null as varchar) as domain,
    cast(null as varchar) as account_type,
    cast(null as timestamp) as deleted_at
from {{ ref('run') }}
where false
