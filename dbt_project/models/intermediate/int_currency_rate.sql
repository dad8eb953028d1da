select
    cast(null as varchar) as currency,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as numeric(28, 6)) as rate
from {{ ref('run') }}
where false
