select
    cast(null as varchar) as user_id,
    cast(null as varchar) as system,
    cast(null as boolean) as is_person,
    cast(null as boolean) as is_sales,
    cast(null as varchar) as salesforce_user_id
from {{ ref('run') }}
where false
