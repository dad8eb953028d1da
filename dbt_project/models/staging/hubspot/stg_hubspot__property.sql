-- One row per property that the account knows.
with

ranked as (

    {{ version_ranked(source('hubspot', 'properties'), ['objectType', '"name"']) }}

),

casted as (

    select
        {{ as_text('objectType') }} as object_type,
        {{ as_text('"name"') }} as property_name,
        {{ as_text('"label"') }} as label,
        {{ as_text('"type"') }} as property_type,
        {{ as_text('fieldType') }} as field_type,
        {{ as_text('"options"') }} as options,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        0 as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
