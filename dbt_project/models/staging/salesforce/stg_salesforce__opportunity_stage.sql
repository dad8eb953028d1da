-- One row per opportunity stage of the organisation.
with

ranked as (

    {{ version_ranked(source('salesforce', 'OpportunityStage'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as stage_id,
        {{ as_text('ApiName') }} as api_name,
        {{ as_text('MasterLabel') }} as label,
        {{ as_boolean('IsActive') }} as is_active,
        {{ as_boolean('IsClosed') }} as is_closed,
        {{ as_boolean('IsWon') }} as is_won,
        {{ as_integer('SortOrder') }} as sort_order,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'IsActive'),
            ('as_boolean', 'IsClosed'),
            ('as_boolean', 'IsWon'),
            ('as_integer', 'SortOrder'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
