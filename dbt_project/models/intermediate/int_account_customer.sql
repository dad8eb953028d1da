select
    cast(null as varchar) as account_id,
    cast(null as timestamp) as customer_from,
    cast(null as varchar) as opportunity_id
from {{ ref('run') }}
where false
