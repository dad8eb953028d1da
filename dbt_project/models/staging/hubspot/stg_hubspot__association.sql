-- One row per association edge, of the newest batch that speaks of its from-record.
with

source as (

    select * from {{ source('hubspot', 'associations') }}

),

ranked as (

    {{ version_ranked('source', ['fromObjectType', 'fromObjectId', 'toObjectType'], rank='rank') }}

),

casted as (

    select
        {{ as_text('fromObjectType') }} as from_object,
        {{ as_text('fromObjectId') }} as from_id,
        {{ as_text('toObjectType') }} as to_object,
        {{ as_text('toObjectId') }} as to_id,
        {{ as_text('associationTypes') }} as association_types,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        0 as cast_failures
    from ranked
    where version_rank = 1
        and toObjectId is not null

)

select * from casted
