select
    cast(null as varchar) as person_id,
    cast(null as varchar) as account_id,
    cast(null as timestamp) as valid_from,
    cast(null as timestamp) as valid_to,
    cast(null as varchar) as rule
from {{ ref('run') }}
where false
