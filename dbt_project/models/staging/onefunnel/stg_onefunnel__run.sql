-- One row: the run that builds this warehouse, and the moment as of which it judges.
with

source as (

    select * from {{ source('onefunnel', 'run') }}

)

select
    run_id,
    as_of,
    landing_fingerprint,
    salesforce_watermark,
    hubspot_watermark
from source
