-- One row per member of a queue or group.
with

ranked as (

    {{ version_ranked(source('salesforce', 'GroupMember'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as group_member_id,
        {{ as_text('GroupId') }} as group_id,
        {{ as_text('UserOrGroupId') }} as user_or_group_id,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
