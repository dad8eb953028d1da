-- One row per queue or public group.
with

ranked as (

    {{ version_ranked(source('salesforce', 'Group'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as group_id,
        {{ as_text('Name') }} as group_name,
        {{ as_text('DeveloperName') }} as developer_name,
        {{ as_text('Type') }} as group_type,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
