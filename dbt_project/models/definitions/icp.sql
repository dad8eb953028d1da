select
    cast(null as varchar) as account_id,
    cast(null as timestamp) as valid_from,
    cast(null as timestamp) as valid_to,
    cast(null as boolean) as c_industry,
    cast(null as boolean) as c_employees,
    cast(null as boolean) as c_region,
    cast(null as boolean) as c_revenue,
    cast(null as boolean) as c_disqualified,
    cast(null as varchar) as fit,
    cast(null as varchar) as tier,
    cast(null as varchar) as industry,
    cast(null as bigint) as employees,
    cast(null as varchar) as region,
    cast(null as varchar) as segment
from {{ ref('run') }}
where false
