-- One row per click in a marketing e-mail. What was sent or opened is most of the events and no
-- touch, so it stays in the landing.
with

ranked as (

    {{ version_ranked(
        source('hubspot', 'email_events'), ['"id"', 'created'], only="upper(landed.type) = 'CLICK'"
    ) }}

),

casted as (

    select
        {{ as_text('"id"') }} as event_id,
        {{ as_timestamp('created') }} as occurred_at,
        {{ as_text('recipient') }} as recipient,
        {{ as_boolean('filteredEvent') }} as is_filtered,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'created'),
            ('as_boolean', 'filteredEvent'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
