-- One row per Salesforce opportunity as it stands now.
with

-- The source as first landed: it may be overwritten where its history is not tracked.
ranked as (

    {{ version_ranked(
        source('salesforce', 'Opportunity'), ['Id'], first_known={'first_lead_source': 'LeadSource'}
    ) }}

),

casted as (

    select
        {{ as_text('Id') }} as opportunity_id,
        {{ as_text('AccountId') }} as account_id,
        {{ as_text('Name') }} as name,
        {{ as_text('Type') }} as opportunity_type,
        {{ as_text('StageName') }} as stage_name,
        {{ as_number('Amount') }} as amount,
        {{ as_text('CurrencyIsoCode') }} as currency,
        {{ as_date('CloseDate') }} as close_date,
        {{ as_boolean('IsClosed') }} as is_closed,
        {{ as_boolean('IsWon') }} as is_won,
        {{ as_text('LeadSource') }} as lead_source,
        first_lead_source,
        first_lead_source_at,
        {{ as_text('CampaignId') }} as campaign_id,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_text('RecordTypeId') }} as record_type_id,
        {{ as_text('Loss_Reason__c') }} as loss_reason,
        {{ as_text('Competitor__c') }} as competitor,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_number', 'Amount'),
            ('as_date', 'CloseDate'),
            ('as_boolean', 'IsClosed'),
            ('as_boolean', 'IsWon'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
