-- One row per record type.
with

ranked as (

    {{ version_ranked(source('salesforce', 'RecordType'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as record_type_id,
        {{ as_text('Name') }} as record_type_name,
        {{ as_text('DeveloperName') }} as developer_name,
        {{ as_text('SobjectType') }} as sobject_type,
        {{ as_boolean('IsActive') }} as is_active,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'IsActive'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
