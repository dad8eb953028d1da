select
    cast(null as varchar) as episode_id,
    cast(null as varchar) as person_id,
    cast(null as bigint) as attempt,
    cast(null as timestamp) as opened_at,
    cast(null as timestamp) as closed_at,
    cast(null as varchar) as closed_by
from {{ ref('run') }}
where false
