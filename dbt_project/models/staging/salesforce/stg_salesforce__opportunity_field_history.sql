-- One row per tracked field change of an opportunity.
with

ranked as (

    {{ version_ranked(source('salesforce', 'OpportunityFieldHistory'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as history_id,
        {{ as_text('OpportunityId') }} as opportunity_id,
        {{ as_text('Field') }} as field,
        {{ as_text('OldValue') }} as old_value,
        {{ as_text('NewValue') }} as new_value,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'CreatedDate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
