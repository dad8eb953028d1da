-- One row per version of a definition: since when, who agreed to it and what it did. One of them is
-- in force.
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
    sales_owner,
    is_in_force,
    marketing_agreed_on,
    sales_agreed_on,
    reviewed_on,
    nullif(effect, '') as effect,
    nullif(pull_request, '') as pull_request
from versions
