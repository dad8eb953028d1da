select
    cast(null as varchar) as touch_id,
    cast(null as varchar) as person_id,
    cast(null as timestamp) as touched_at,
    cast(null as varchar) as kind,
    cast(null as varchar) as system,
    cast(null as varchar) as source,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as campaign_id,
    cast(null as boolean) as is_response
from {{ ref('run') }}
where false
