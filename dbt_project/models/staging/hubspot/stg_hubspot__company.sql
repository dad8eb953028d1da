-- One row per HubSpot company.
with

ranked as (

    {{ version_ranked(source('hubspot', 'companies'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as company_id,
        {{ as_timestamp('createdAt') }} as record_created_at,
        {{ as_timestamp('updatedAt') }} as record_updated_at,
        {{ as_boolean('archived') }} as is_archived,
        {{ as_timestamp('archivedAt') }} as archived_at,
        {{ as_text('"name"') }} as name,
        {{ as_text('domain') }} as domain,
        {{ as_text('industry') }} as industry,
        {{ as_integer('numberofemployees') }} as employees,
        {{ as_number('annualrevenue') }} as annual_revenue,
        {{ as_text('country') }} as country,
        {{ as_text('state') }} as state,
        {{ as_text('lifecyclestage') }} as lifecycle_stage,
        {{ as_text('hubspot_owner_id') }} as owner_id,
        {{ as_timestamp('createdate') }} as created_at,
        {{ as_timestamp('hs_lastmodifieddate') }} as modified_at,
        {{ as_text('hs_merged_object_ids') }} as merged_company_ids,
        {{ as_text('salesforceaccountid') }} as salesforce_account_id,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
            ('as_timestamp', 'archivedAt'),
            ('as_integer', 'numberofemployees'),
            ('as_number', 'annualrevenue'),
            ('as_timestamp', 'createdate'),
            ('as_timestamp', 'hs_lastmodifieddate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
