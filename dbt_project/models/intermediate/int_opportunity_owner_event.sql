-- One row per owner that an opportunity has had, from the moment of the assignment.
with

run as (

    select * from {{ ref('run') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

witnessed as (

    select * from {{ ref('int_opportunity_history') }}
    where field = 'owner'
        and value is not null

),

witnessed_by_now as (

    select
        witnessed.opportunity_id,
        witnessed.changed_at as owned_at,
        witnessed.value as owner_id,
        witnessed.witness_id
    from witnessed
    inner join opportunities on witnessed.opportunity_id = opportunities.opportunity_id
    inner join run on witnessed.changed_at <= run.as_of

),

-- Also a change after this run tells that today's owner did not own it from the beginning.
changed as (

    select distinct opportunity_id
    from witnessed

),

never_changed as (

    select
        opportunities.opportunity_id,
        opportunities.created_at as owned_at,
        opportunities.owner_id,
        cast(null as {{ dbt.type_string() }}) as witness_id
    from opportunities
    left join changed on opportunities.opportunity_id = changed.opportunity_id
    where changed.opportunity_id is null
        and opportunities.owner_id is not null

),

owners as (

    select * from witnessed_by_now

    union all

    select * from never_changed

),

numbered as (

    select
        opportunity_id,
        owned_at,
        owner_id,
        cast(
            row_number() over (
                partition by opportunity_id
                order by owned_at, witness_id
            ) as bigint
        ) as sequence
    from owners

),

ended as (

    select
        numbered.*,
        lead(owned_at) over (partition by opportunity_id order by sequence) as owned_until
    from numbered

)

select * from ended
