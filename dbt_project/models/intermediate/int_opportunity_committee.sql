-- One row per opportunity with people: the buying roles among those who are on it, sorted.
with

roles as (

    select * from {{ ref('int_opportunity_role') }}
    where taken_off_at is null

),

people as (

    select * from {{ ref('lead') }}

),

buying_roles as (

    select distinct
        roles.opportunity_id,
        people.buying_role
    from roles
    inner join people on roles.person_id = people.person_id
    where people.buying_role is not null

),

committees as (

    select
        opportunity_id,
        {{ dbt.listagg('buying_role', "','", 'order by buying_role') }} as committee_roles
    from buying_roles
    group by 1

)

select * from committees
