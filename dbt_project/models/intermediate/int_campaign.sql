-- Salesforce campaigns by id, with the name under which both teams know them. Models below a
-- definition read this and not staging, so that a change of a definition is tried without it.
with

campaigns as (

    select * from {{ ref('stg_salesforce__campaign') }}

)

select
    campaign_id,
    campaign_name,
    campaign_type
from campaigns
