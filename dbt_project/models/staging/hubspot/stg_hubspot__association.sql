-- One row per association edge and version: the edges of a record to one type of records land
-- together, version 1 is the newest, and a version without any edge is a row without `to_id`.
with

ranked as (

    {{ version_ranked(
        source('hubspot', 'associations'),
        ['fromObjectType', 'fromObjectId', 'toObjectType'],
        rank='rank'
    ) }}

),

casted as (

    select
        {{ as_text('fromObjectType') }} as from_object,
        {{ as_text('fromObjectId') }} as from_id,
        {{ as_text('toObjectType') }} as to_object,
        {{ as_text('toObjectId') }} as to_id,
        {{ as_text('associationTypes') }} as association_types,
        version_rank,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        0 as cast_failures
    from ranked

)

select * from casted
