select
    cast(null as varchar) as opportunity_id,
    cast(null as timestamp) as entered_at,
    cast(null as varchar) as stage,
    cast(null as varchar) as kind,
    cast(null as bigint) as stage_rank,
    cast(null as bigint) as sequence,
    cast(null as boolean) as is_current
from {{ ref('run') }}
where false
