-- One row per lead status of the organisation.
with

ranked as (

    {{ version_ranked(source('salesforce', 'LeadStatus'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as status_id,
        {{ as_text('ApiName') }} as api_name,
        {{ as_text('MasterLabel') }} as label,
        {{ as_boolean('IsConverted') }} as is_converted,
        {{ as_boolean('IsDefault') }} as is_default,
        {{ as_integer('SortOrder') }} as sort_order,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'IsConverted'),
            ('as_boolean', 'IsDefault'),
            ('as_integer', 'SortOrder'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
