-- One row per saved state of an opportunity (stage, amount, close date).
with

ranked as (

    {{ version_ranked(source('salesforce', 'OpportunityHistory'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as history_id,
        {{ as_text('OpportunityId') }} as opportunity_id,
        {{ as_text('StageName') }} as stage_name,
        {{ as_number('Amount') }} as amount,
        {{ as_text('CurrencyIsoCode') }} as currency,
        {{ as_date('CloseDate') }} as close_date,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_number', 'Amount'),
            ('as_date', 'CloseDate'),
            ('as_timestamp', 'CreatedDate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
