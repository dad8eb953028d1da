-- One row per list.
with

ranked as (

    {{ version_ranked(source('hubspot', 'lists'), ['listId']) }}

),

casted as (

    select
        {{ as_text('listId') }} as list_id,
        {{ as_text('"name"') }} as list_name,
        {{ as_text('objectTypeId') }} as object_type_id,
        {{ as_text('processingType') }} as processing_type,
        {{ as_timestamp('createdAt') }} as created_at,
        {{ as_timestamp('updatedAt') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
