-- One row per HubSpot contact, archived ones included.
with

ranked as (

    {{ version_ranked(source('hubspot', 'contacts'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as contact_id,
        {{ as_timestamp('createdAt') }} as record_created_at,
        {{ as_timestamp('updatedAt') }} as record_updated_at,
        {{ as_boolean('archived') }} as is_archived,
        {{ as_timestamp('archivedAt') }} as archived_at,
        {{ as_text('email') }} as email,
        {{ as_text('hs_additional_emails') }} as additional_emails,
        {{ as_text('firstname') }} as first_name,
        {{ as_text('lastname') }} as last_name,
        {{ as_text('jobtitle') }} as job_title,
        {{ as_text('company') }} as company,
        {{ as_text('country') }} as country,
        {{ as_text('industry') }} as industry,
        {{ as_integer('numemployees') }} as employees,
        {{ as_number('annualrevenue') }} as annual_revenue,
        {{ as_text('hs_lead_status') }} as lead_status,
        {{ as_text('lifecyclestage') }} as lifecycle_stage,
        {{ as_text('lead_rejection_reason') }} as rejection_reason,
        {{ as_date('mql_date') }} as mql_on,
        {{ as_text('hubspot_owner_id') }} as owner_id,
        {{ as_timestamp('createdate') }} as created_at,
        {{ as_timestamp('lastmodifieddate') }} as modified_at,
        {{ as_text('hs_analytics_source') }} as analytics_source,
        {{ as_text('hs_analytics_source_data_1') }} as analytics_source_detail_1,
        {{ as_text('hs_analytics_source_data_2') }} as analytics_source_detail_2,
        {{ as_text('hs_merged_object_ids') }} as merged_contact_ids,
        {{ as_text('salesforceleadid') }} as salesforce_lead_id,
        {{ as_text('salesforcecontactid') }} as salesforce_contact_id,
        {{ as_text('associatedcompanyid') }} as primary_company_id,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
            ('as_timestamp', 'archivedAt'),
            ('as_integer', 'numemployees'),
            ('as_number', 'annualrevenue'),
            ('as_date', 'mql_date'),
            ('as_timestamp', 'createdate'),
            ('as_timestamp', 'lastmodifieddate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
