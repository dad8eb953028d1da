select
    cast(null as varchar) as subject,
    cast(null as varchar) as subject_id,
    cast(null as varchar) as reason,
    cast(null as timestamp) as valid_from,
    cast(null as timestamp) as valid_to
from {{ ref('run') }}
where false
