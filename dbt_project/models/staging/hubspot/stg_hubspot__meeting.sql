-- One row per meeting.
with

ranked as (

    {{ version_ranked(source('hubspot', 'meetings'), ['"id"']) }}

),

casted as (

    select
        {{ as_text('"id"') }} as meeting_id,
        {{ as_timestamp('createdAt') }} as record_created_at,
        {{ as_timestamp('updatedAt') }} as record_updated_at,
        {{ as_boolean('archived') }} as is_archived,
        {{ as_timestamp('archivedAt') }} as archived_at,
        {{ as_timestamp('hs_timestamp') }} as occurred_at,
        {{ as_timestamp('hs_meeting_start_time') }} as started_at,
        {{ as_text('hs_meeting_outcome') }} as outcome,
        {{ as_text('hs_meeting_source') }} as booking_source,
        {{ as_text('hubspot_owner_id') }} as owner_id,
        {{ as_timestamp('hs_createdate') }} as created_at,
        {{ as_timestamp('hs_lastmodifieddate') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
            ('as_timestamp', 'archivedAt'),
            ('as_timestamp', 'hs_timestamp'),
            ('as_timestamp', 'hs_meeting_start_time'),
            ('as_timestamp', 'hs_createdate'),
            ('as_timestamp', 'hs_lastmodifieddate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
