-- One row per definition: its version, owners, date of change and fingerprint.
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
    sales_owner
from source
