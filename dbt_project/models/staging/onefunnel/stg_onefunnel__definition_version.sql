-- One row per version of a definition: owners, date of change, fingerprint, who agreed when.
with

source as (

    select * from {{ source('onefunnel', 'definition_version') }}

)

select
    definition,
    version,
    changed_on,
    fingerprint,
    marketing_owner,
    sales_owner,
    is_in_force,
    marketing_agreed_on,
    sales_agreed_on,
    reviewed_on,
    effect,
    pull_request
from source
