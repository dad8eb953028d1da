-- One row per address that a lead had in a version older than its newest.
with

source as (

    select
        Id,
        Email,
        _source_modified_at,
        _extracted_at,
        _batch_id
    from {{ source('salesforce', 'Lead') }}

),

ranked as (

    {{ version_ranked('source', ['Id']) }}

),

former as (

    select distinct
        {{ as_text('Id') }} as lead_id,
        {{ as_text('Email') }} as email
    from ranked
    where version_rank > 1

)

select * from former
where email is not null
