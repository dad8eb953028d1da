-- HubSpot contacts that have, or once had, a lead status: only those can speak for a person's
-- status.
with

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

contact_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

with_status as (

    select 'hubspot:contacts:' || contact_id as node_key
    from contacts
    where lead_status is not null

    union

    select 'hubspot:contacts:' || contact_id as node_key
    from contact_history
    where property = 'hs_lead_status' and value is not null

)

select * from with_status
