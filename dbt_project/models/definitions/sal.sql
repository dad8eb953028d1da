select
    cast(null as varchar) as episode_id,
    cast(null as varchar) as person_id,
    cast(null as timestamp) as mql_at,
    cast(null as timestamp) as assigned_at,
    cast(null as varchar) as owner_id,
    cast(null as boolean) as c_owned_by_person,
    cast(null as boolean) as c_accepted_status,
    cast(null as boolean) as is_sal,
    cast(null as varchar) as outcome,
    cast(null as timestamp) as accepted_at,
    cast(null as timestamp) as decided_at,
    cast(null as timestamp) as decision_due_at
from {{ ref('run') }}
where false
