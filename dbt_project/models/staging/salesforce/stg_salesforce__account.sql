-- One row per Salesforce account.
with

ranked as (

    {{ version_ranked(source('salesforce', 'Account'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as account_id,
        {{ as_text('MasterRecordId') }} as master_record_id,
        {{ as_text('Name') }} as name,
        {{ as_text('Type') }} as account_type,
        {{ as_text('Industry') }} as industry,
        {{ as_integer('NumberOfEmployees') }} as employees,
        {{ as_number('AnnualRevenue') }} as annual_revenue,
        {{ as_text('BillingCountry') }} as country,
        {{ as_text('BillingState') }} as state,
        {{ as_text('Website') }} as website,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_integer', 'NumberOfEmployees'),
            ('as_number', 'AnnualRevenue'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
