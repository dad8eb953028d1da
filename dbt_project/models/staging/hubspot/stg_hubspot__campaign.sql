-- One row per marketing campaign.
with

ranked as (

    {{ version_ranked(source('hubspot', 'campaigns'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as campaign_id,
        {{ as_text('hs_name') }} as campaign_name,
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
