-- Which people a HubSpot activity is about: activity × person.
-- An edge may be stored from either side, and merged contacts lead to one person.
with

associations as (

    select * from {{ ref('int_hubspot_edge') }}

),

records as (

    select * from {{ ref('person_record') }}
    where object = 'contacts'

),

edges as (

    select
        from_object as object,
        from_id as activity_id,
        to_id as contact_id
    from associations
    where to_object = 'contacts'
        and from_object in ('meetings', 'calls', 'emails', 'tasks')
    union
    select
        to_object as object,
        to_id as activity_id,
        from_id as contact_id
    from associations
    where from_object = 'contacts'
        and to_object in ('meetings', 'calls', 'emails', 'tasks')

),

people as (

    select distinct
        edges.object,
        edges.activity_id,
        records.person_id
    from edges
    inner join records on edges.contact_id = records.record_id

)

select * from people
