-- One row per role of a contact on an opportunity.
with

ranked as (

    {{ version_ranked(source('salesforce', 'OpportunityContactRole'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as role_id,
        {{ as_text('OpportunityId') }} as opportunity_id,
        {{ as_text('ContactId') }} as contact_id,
        {{ as_text('Role') }} as role,
        {{ as_boolean('IsPrimary') }} as is_primary,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'IsPrimary'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
