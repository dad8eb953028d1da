select
    cast(null as varchar) as person_id,
    cast(null as timestamp) as first_known_at,
    cast(null as timestamp) as deleted_at,
    cast(null as varchar) as email_domain,
    cast(null as varchar) as hubspot_contact_id,
    cast(null as varchar) as title,
    cast(null as varchar) as country,
    cast(null as varchar) as industry,
    cast(null as bigint) as employees,
    cast(null as numeric(28, 6)) as annual_revenue
from {{ ref('run') }}
where false
