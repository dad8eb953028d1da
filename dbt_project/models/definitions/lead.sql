select
    cast(null as varchar) as person_id,
    cast(null as timestamp) as first_known_at,
    cast(null as varchar) as email_domain,
    cast(null as varchar) as account_id,
    cast(null as varchar) as first_source,
    cast(null as varchar) as first_channel,
    cast(null as varchar) as buying_role,
    cast(null as varchar) as seniority,
    cast(null as varchar) as exclusion_reason,
    cast(null as timestamp) as deleted_at
from {{ ref('run') }}
where false
