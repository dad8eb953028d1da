select
    cast(null as varchar) as opportunity_id,
    cast(null as varchar) as outcome,
    cast(null as timestamp) as closed_at,
    cast(null as bigint) as cycle_days,
    cast(null as bigint) as days_from_mql,
    cast(null as boolean) as is_reopened,
    cast(null as varchar) as loss_reason,
    cast(null as varchar) as competitor,
    cast(null as numeric(28, 6)) as amount_reporting
from {{ ref('run') }}
where false
