-- Sources that a CRM overwrote after they had been stamped: the stamp stays, and is listed here
-- beside what the CRM says today. One row per person or opportunity.
with

people as (

    select * from {{ ref('int_person_source') }}
    where is_drifted and valid_to is null

),

opportunities as (

    select
        opportunity_sources.*,
        known.raw_source_now,
        known.created_at
    from {{ ref('int_opportunity_source') }} as opportunity_sources
    inner join {{ ref('int_opportunity') }} as known
        on opportunity_sources.opportunity_id = known.opportunity_id
    where opportunity_sources.is_drifted

),

drifted as (

    select
        'person' as subject,
        person_id as subject_id,
        said_by as system,
        source,
        raw_source,
        raw_source_now,
        first_sourced_at as stamped_at
    from people

    union all

    select
        'opportunity' as subject,
        opportunity_id as subject_id,
        system,
        source,
        raw_source,
        raw_source_now,
        created_at as stamped_at
    from opportunities

)

select * from drifted
