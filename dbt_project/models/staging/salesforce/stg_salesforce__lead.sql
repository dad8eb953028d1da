-- One row per Salesforce lead, deleted and merged ones included.
with

-- The source as first landed: it may be overwritten where its history is not tracked.
ranked as (

    {{ version_ranked(
        source('salesforce', 'Lead'), ['Id'], first_known={'first_lead_source': 'LeadSource'}
    ) }}

),

casted as (

    select
        {{ as_text('Id') }} as lead_id,
        {{ as_text('MasterRecordId') }} as master_record_id,
        {{ as_text('FirstName') }} as first_name,
        {{ as_text('LastName') }} as last_name,
        {{ as_text('Title') }} as title,
        {{ as_text('Company') }} as company,
        {{ as_text('Email') }} as email,
        {{ as_text('LeadSource') }} as lead_source,
        first_lead_source,
        first_lead_source_at,
        {{ as_text('Status') }} as status,
        {{ as_text('Industry') }} as industry,
        {{ as_integer('NumberOfEmployees') }} as employees,
        {{ as_number('AnnualRevenue') }} as annual_revenue,
        {{ as_text('Country') }} as country,
        {{ as_text('State') }} as state,
        {{ as_text('Website') }} as website,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_boolean('IsConverted') }} as is_converted,
        {{ as_date('ConvertedDate') }} as converted_date,
        {{ as_text('ConvertedAccountId') }} as converted_account_id,
        {{ as_text('ConvertedContactId') }} as converted_contact_id,
        {{ as_text('ConvertedOpportunityId') }} as converted_opportunity_id,
        {{ as_text('Rejection_Reason__c') }} as rejection_reason,
        {{ as_date('Revisit_On__c') }} as revisit_on,
        {{ as_date('MQL_Date__c') }} as mql_on,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_integer', 'NumberOfEmployees'),
            ('as_number', 'AnnualRevenue'),
            ('as_boolean', 'IsConverted'),
            ('as_date', 'ConvertedDate'),
            ('as_date', 'Revisit_On__c'),
            ('as_date', 'MQL_Date__c'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
