select
    cast(null as varchar) as person_id,
    cast(null as varchar) as source,
    cast(null as varchar) as channel,
    cast(null as varchar) as team,
    cast(null as varchar) as raw_source,
    cast(null as timestamp) as first_sourced_at,
    cast(null as varchar) as campaign_id
from {{ ref('run') }}
where false
