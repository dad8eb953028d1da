-- One row per definition: the version in force, since when, and who owns it in either team.
with

versions as (

    select * from {{ ref('stg_onefunnel__definition_version') }}

)

select
    definition,
    cast(version as bigint) as version,
    changed_on,
    fingerprint,
    marketing_owner,
    sales_owner
from versions
