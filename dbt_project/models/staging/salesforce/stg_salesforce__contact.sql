-- One row per Salesforce contact.
with

-- The source as first landed: it may be overwritten where its history is not tracked.
ranked as (

    {{ version_ranked(
        source('salesforce', 'Contact'), ['Id'], first_known={'first_lead_source': 'LeadSource'}
    ) }}

),

casted as (

    select
        {{ as_text('Id') }} as contact_id,
        {{ as_text('MasterRecordId') }} as master_record_id,
        {{ as_text('AccountId') }} as account_id,
        {{ as_text('FirstName') }} as first_name,
        {{ as_text('LastName') }} as last_name,
        {{ as_text('Title') }} as title,
        {{ as_text('Email') }} as email,
        {{ as_text('LeadSource') }} as lead_source,
        first_lead_source,
        first_lead_source_at,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
