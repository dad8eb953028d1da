-- One row per address that a HubSpot contact had in a version older than its newest.
with

source as (

    select
        "id",
        email,
        _source_modified_at,
        _extracted_at,
        _batch_id
    from {{ source('hubspot', 'contacts') }}

),

ranked as (

    {{ version_ranked('source', ['"id"']) }}

),

former as (

    select distinct
        {{ as_text('"id"') }} as contact_id,
        {{ as_text('email') }} as email
    from ranked
    where version_rank > 1

)

select * from former
where email is not null
