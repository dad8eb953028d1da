select
    cast(null as varchar) as opportunity_id,
    cast(null as varchar) as system,
    cast(null as varchar) as account_id,
    cast(null as timestamp) as created_at,
    cast(null as varchar) as raw_type,
    cast(null as varchar) as type_kind,
    cast(null as numeric(28, 6)) as amount,
    cast(null as varchar) as currency,
    cast(null as date) as close_date,
    cast(null as varchar) as owner_id,
    cast(null as varchar) as stage,
    cast(null as timestamp) as deleted_at,
    cast(null as varchar) as raw_source,
    cast(null as varchar) as campaign_id,
    cast(null as varchar) as raw_loss_reason,
    cast(null as varchar) as raw_competitor
from {{ ref('run') }}
where false
