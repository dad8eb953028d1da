-- Lead (person)
-- One human, however many records both systems hold of them, as we know them today.
--
-- What joins records is in person_record; sources, exclusions and buying roles are seeds.
-- Account and exclusion are as of this run; other definitions judge them as of the event.

with

agreed as (

    select
        'unknown' as role_without_a_match,
        'existing_customer' as customer_reason

),

people as (

    select * from {{ ref('int_person') }}

),

sources as (

    select * from {{ ref('int_person_source') }}
    where valid_to is null

),

memberships as (

    select * from {{ ref('int_person_account') }}

),

customers as (

    select * from {{ ref('int_account_customer') }}

),

exclusions as (

    select * from {{ ref('int_exclusion') }}

),

buying_roles as (

    select * from {{ ref('int_buying_role') }}

),

this_run as (

    select * from {{ ref('run') }}

),

customer_since as (

    select
        account_id,
        min(customer_from) as customer_from
    from customers
    group by 1

),

joined as (

    select
        people.person_id,
        people.first_known_at,
        people.email_domain,
        memberships.account_id,
        sources.source as first_source,
        sources.channel as first_channel,
        sources.team as first_team,
        coalesce(buying_roles.buying_role, agreed.role_without_a_match) as buying_role,
        coalesce(buying_roles.seniority, agreed.role_without_a_match) as seniority,
        case
            when exclusions.reason is not null then exclusions.reason
            when customer_since.customer_from <= this_run.as_of then agreed.customer_reason
        end as exclusion_reason,
        people.deleted_at
    from people
    cross join agreed
    cross join this_run
    left join sources on people.person_id = sources.person_id
    left join memberships
        on
            people.person_id = memberships.person_id
            and this_run.as_of >= memberships.valid_from
            and (memberships.valid_to is null or this_run.as_of < memberships.valid_to)
    left join customer_since on memberships.account_id = customer_since.account_id
    left join exclusions
        on
            people.person_id = exclusions.subject_id
            and exclusions.subject = 'person'
            and this_run.as_of >= exclusions.valid_from
            and (exclusions.valid_to is null or this_run.as_of < exclusions.valid_to)
    left join buying_roles on people.title = buying_roles.title
    where people.first_known_at <= this_run.as_of

)

select * from joined
