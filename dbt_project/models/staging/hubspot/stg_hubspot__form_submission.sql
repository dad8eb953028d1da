-- One row per submission of a form.
with

ranked as (

    {{ version_ranked(source('hubspot', 'form_submissions'), ['conversionId']) }}

),

casted as (

    select
        {{ as_text('conversionId') }} as submission_id,
        {{ as_text('formId') }} as form_id,
        {{ as_timestamp('submittedAt') }} as submitted_at,
        {{ as_text('pageUrl') }} as page_url,
        {{ as_text('email') }} as email,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'submittedAt'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
