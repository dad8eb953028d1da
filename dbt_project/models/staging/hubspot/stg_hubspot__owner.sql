-- One row per HubSpot owner.
with

ranked as (

    {{ version_ranked(source('hubspot', 'owners'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as owner_id,
        {{ as_text('email') }} as email,
        {{ as_text('firstName') }} as first_name,
        {{ as_text('lastName') }} as last_name,
        {{ as_text('userId') }} as user_id,
        {{ as_text('"type"') }} as owner_type,
        {{ as_timestamp('createdAt') }} as created_at,
        {{ as_timestamp('updatedAt') }} as modified_at,
        {{ as_boolean('archived') }} as is_archived,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
