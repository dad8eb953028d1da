-- One row per campaign.
with

ranked as (

    {{ version_ranked(source('salesforce', 'Campaign'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as campaign_id,
        {{ as_text('Name') }} as campaign_name,
        {{ as_text('Type') }} as campaign_type,
        {{ as_text('Status') }} as status,
        {{ as_date('StartDate') }} as start_date,
        {{ as_date('EndDate') }} as end_date,
        {{ as_boolean('IsActive') }} as is_active,
        {{ as_text('ParentId') }} as parent_id,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_date', 'StartDate'),
            ('as_date', 'EndDate'),
            ('as_boolean', 'IsActive'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
