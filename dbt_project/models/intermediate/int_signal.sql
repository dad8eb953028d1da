select
    cast(null as varchar) as signal_id,
    cast(null as varchar) as person_id,
    cast(null as timestamp) as signal_at,
    cast(null as varchar) as signal,
    cast(null as bigint) as points,
    cast(null as boolean) as is_hand_raise,
    cast(null as varchar) as campaign_id
from {{ ref('run') }}
where false
