-- One row per observed value of a tracked contact property.
with

ranked as (

    {{ version_ranked(
        source('hubspot', 'contacts_history'), ['"id"', '"property"', '"timestamp"', '"value"']
    ) }}

),

casted as (

    select
        {{ as_text('"id"') }} as contact_id,
        {{ as_text('"property"') }} as property,
        {{ as_text('"value"') }} as value,
        {{ as_timestamp('"timestamp"') }} as changed_at,
        {{ as_text('sourceType') }} as source_type,
        {{ as_text('sourceId') }} as source_id,
        {{ as_text('updatedByUserId') }} as updated_by_user_id,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', '"timestamp"'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
