-- One row per pipeline and stage.
with

ranked as (

    {{ version_ranked(source('hubspot', 'pipelines'), ['objectType', 'pipelineId', 'stageId']) }}

),

casted as (

    select
        {{ as_text('objectType') }} as object_type,
        {{ as_text('pipelineId') }} as pipeline_id,
        {{ as_text('pipelineLabel') }} as pipeline_label,
        {{ as_text('stageId') }} as stage_id,
        {{ as_text('stageLabel') }} as stage_label,
        {{ as_integer('displayOrder') }} as display_order,
        {{ as_boolean('isClosed') }} as is_closed,
        {{ as_number('probability') }} as probability,
        {{ as_boolean('archived') }} as is_archived,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_integer', 'displayOrder'),
            ('as_boolean', 'isClosed'),
            ('as_number', 'probability'),
            ('as_boolean', 'archived'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
