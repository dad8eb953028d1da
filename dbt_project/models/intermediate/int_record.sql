-- Every raw lead and contact of both systems, in one shape: the things that identity resolution
-- joins.
with

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

hubspot_contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

shared_mailboxes as (

    select lower(trim(local_part)) as local_part from {{ ref('shared_mailbox') }}

),

personal_domains as (

    select lower(trim(domain)) as domain from {{ ref('personal_domain') }}

),

-- A node is a record as other records name it. Salesforce ids have a form of 15 characters and one
-- of 18 that only adds a checksum, and integrations store either. `source_modified_at` of a record
-- that was purged is when it was found gone, its own stamp that of its last change.
combined as (

    select
        'salesforce' as system,
        'Lead' as object,
        lead_id as record_id,
        'salesforce:Lead:' || substr(lead_id, 1, 15) as node_key,
        lower({{ trimmed('email') }}) as email,
        title,
        country,
        industry,
        employees,
        annual_revenue,
        coalesce(created_at, source_modified_at, extracted_at) as created_at,
        case
            when is_deleted then coalesce(source_modified_at, modified_at, extracted_at)
        end as deleted_at
    from leads

    union all

    select
        'salesforce' as system,
        'Contact' as object,
        contact_id as record_id,
        'salesforce:Contact:' || substr(contact_id, 1, 15) as node_key,
        lower({{ trimmed('email') }}) as email,
        title,
        cast(null as varchar) as country,
        cast(null as varchar) as industry,
        cast(null as bigint) as employees,
        cast(null as numeric(28, 6)) as annual_revenue,
        coalesce(created_at, source_modified_at, extracted_at) as created_at,
        case
            when is_deleted then coalesce(source_modified_at, modified_at, extracted_at)
        end as deleted_at
    from contacts

    union all

    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        'hubspot:contacts:' || contact_id as node_key,
        lower({{ trimmed('email') }}) as email,
        job_title as title,
        country,
        industry,
        employees,
        annual_revenue,
        coalesce(created_at, record_created_at, source_modified_at, extracted_at) as created_at,
        case
            when is_deleted or is_archived
                then coalesce(archived_at, source_modified_at, extracted_at)
        end as deleted_at
    from hubspot_contacts

),

addressed as (

    select
        combined.*,
        nullif({{ dbt.split_part('email', "'@'", 1) }}, '') as local_part,
        nullif({{ dbt.split_part('email', "'@'", 2) }}, '') as email_domain
    from combined

),

classified as (

    select
        addressed.node_key,
        addressed.system,
        addressed.object,
        addressed.record_id,
        addressed.created_at,
        addressed.deleted_at,
        addressed.email,
        addressed.email_domain,
        shared_mailboxes.local_part is not null as is_shared_mailbox,
        personal_domains.domain is not null as is_personal_domain,
        addressed.title,
        addressed.country,
        addressed.industry,
        addressed.employees,
        addressed.annual_revenue,
        row_number() over (order by addressed.created_at, addressed.node_key) as record_number
    from addressed
    left join shared_mailboxes on addressed.local_part = shared_mailboxes.local_part
    left join personal_domains on addressed.email_domain = personal_domains.domain

)

select * from classified
