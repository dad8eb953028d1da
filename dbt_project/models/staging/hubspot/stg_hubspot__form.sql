-- One row per form and version, 1 is the newest.
with

ranked as (

    {{ version_ranked(source('hubspot', 'forms'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as form_id,
        {{ as_text('"name"') }} as form_name,
        {{ as_text('formType') }} as form_type,
        {{ as_timestamp('createdAt') }} as created_at,
        {{ as_timestamp('updatedAt') }} as modified_at,
        {{ as_boolean('archived') }} as is_archived,
        version_rank,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
        ]) }} as cast_failures
    from ranked

)

select * from casted
