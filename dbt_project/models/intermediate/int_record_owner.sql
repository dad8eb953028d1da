-- Who owned each lead and contact from when to when: one row a record and change of its owner.
with

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

salesforce_contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

salesforce_contact_history as (

    select * from {{ ref('stg_salesforce__contact_history') }}

),

hubspot_contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

hubspot_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

current_owners as (

    select
        'salesforce' as system,
        'Lead' as object,
        lead_id as record_id,
        owner_id,
        created_at
    from leads
    union all
    select
        'salesforce' as system,
        'Contact' as object,
        contact_id as record_id,
        owner_id,
        created_at
    from salesforce_contacts
    union all
    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        owner_id,
        created_at
    from hubspot_contacts

),

salesforce_changes as (

    select
        'Lead' as object,
        lead_id as record_id,
        field,
        old_value,
        new_value,
        created_at,
        history_id
    from lead_history
    union all
    select
        'Contact' as object,
        contact_id as record_id,
        field,
        old_value,
        new_value,
        created_at,
        history_id
    from salesforce_contact_history

),

-- Salesforce keeps two rows a change of owner, one with names and one with ids: ids have no blank
-- and are 15 or 18 characters long.
changes as (

    select
        'salesforce' as system,
        object,
        record_id,
        created_at as owned_at,
        old_value as old_owner_id,
        new_value as owner_id,
        history_id as change_id
    from salesforce_changes
    where field = 'Owner'
        and length(new_value) in (15, 18)
        and substr(new_value, 1, 3) in ('005', '00G')
        and new_value not like '% %'
    union all
    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        changed_at as owned_at,
        cast(null as varchar) as old_owner_id,
        value as owner_id,
        '' as change_id
    from hubspot_history
    where property = 'hubspot_owner_id'

),

firsts as (

    select
        object,
        record_id,
        old_owner_id,
        row_number() over (
            partition by object, record_id
            order by owned_at, change_id
        ) as number_from_first
    from changes

),

-- The owner at creation: whom the first change took it from, else the one it has now. HubSpot's
-- history begins with the first value, so it needs no such row.
created as (

    select
        current_owners.system,
        current_owners.object,
        current_owners.record_id,
        current_owners.created_at as owned_at,
        case
            when firsts.record_id is not null then firsts.old_owner_id
            else current_owners.owner_id
        end as owner_id,
        '' as change_id
    from current_owners
    left join firsts
        on current_owners.object = firsts.object
            and current_owners.record_id = firsts.record_id
            and firsts.number_from_first = 1
    where current_owners.system = 'salesforce'
        or firsts.record_id is null

),

owner_changes as (

    select
        system,
        object,
        record_id,
        owned_at,
        owner_id,
        change_id
    from created
    where owner_id is not null
    union all
    select
        system,
        object,
        record_id,
        owned_at,
        owner_id,
        change_id
    from changes

),

stays as (

    select
        owner_changes.*,
        lead(owned_at) over (
            partition by object, record_id
            order by owned_at, change_id
        ) as owned_until
    from owner_changes

)

select * from stays
