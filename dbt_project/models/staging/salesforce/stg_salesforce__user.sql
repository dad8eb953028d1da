-- One row per Salesforce user.
with

ranked as (

    {{ version_ranked(source('salesforce', 'User'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as user_id,
        {{ as_text('Username') }} as username,
        {{ as_text('Name') }} as full_name,
        {{ as_text('Email') }} as email,
        {{ as_boolean('IsActive') }} as is_active,
        {{ as_text('UserType') }} as user_type,
        {{ as_text('UserRoleId') }} as user_role_id,
        {{ as_text('Department') }} as department,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'IsActive'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
