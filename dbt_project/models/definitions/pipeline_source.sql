select
    cast(null as varchar) as opportunity_id,
    cast(null as varchar) as source,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as rule,
    cast(null as numeric(28, 6)) as amount,
    cast(null as timestamp) as pipeline_at,
    cast(null as varchar) as campaign_id
from {{ ref('run') }}
where false
