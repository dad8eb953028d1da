select
    cast(null as varchar) as episode_id,
    cast(null as varchar) as person_id,
    cast(null as timestamp) as decided_at,
    cast(null as varchar) as kind,
    cast(null as varchar) as reason,
    cast(null as varchar) as raw_reason,
    cast(null as varchar) as criterion,
    cast(null as date) as revisit_on,
    cast(null as varchar) as decided_by,
    cast(null as boolean) as is_after_acceptance
from {{ ref('run') }}
where false
