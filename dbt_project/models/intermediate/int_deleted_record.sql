-- Leads, contacts and opportunities that were deleted in Salesforce, not merged into another. Their
-- activities, campaign responses and roles were deleted with them, and still happened.
with

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunity') }}

),

deleted as (

    select lead_id as record_id from leads
    where is_deleted and master_record_id is null

    union all

    select contact_id as record_id from contacts
    where is_deleted and master_record_id is null

    union all

    select opportunity_id as record_id from opportunities
    where is_deleted

)

select * from deleted
