select
    cast(null as varchar) as opportunity_id,
    cast(null as timestamp) as changed_at,
    cast(null as numeric(28, 6)) as amount,
    cast(null as bigint) as sequence
from {{ ref('run') }}
where false
