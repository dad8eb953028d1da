-- Who was no prospect when they became known, and why: excluded by a rule at that time, or already
-- with a customer. Who became a customer later was a prospect then, and is not here.
with

leads as (

    select * from {{ ref('lead') }}

),

exclusions as (

    select * from {{ ref('int_exclusion') }}
    where subject = 'person'

),

memberships as (

    select * from {{ ref('int_person_account') }}

),

customers as (

    select * from {{ ref('int_account_customer') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

excluded as (

    select
        leads.person_id,
        min(exclusions.reason) as reason
    from leads
    inner join exclusions
        on
            leads.person_id = exclusions.subject_id
            and leads.first_known_at >= coalesce(exclusions.valid_from, leads.first_known_at)
            and leads.first_known_at < coalesce(exclusions.valid_to, {{ far_future() }})
    group by 1

),

-- The win that this very person was part of does not make them an old customer.
with_customer as (

    select distinct leads.person_id
    from leads
    inner join memberships
        on
            leads.person_id = memberships.person_id
            and leads.first_known_at >= memberships.valid_from
            and leads.first_known_at < coalesce(memberships.valid_to, {{ far_future() }})
    inner join customers
        on
            memberships.account_id = customers.account_id
            and leads.first_known_at >= customers.customer_from
    left join roles
        on
            customers.opportunity_id = roles.opportunity_id
            and leads.person_id = roles.person_id
    where roles.person_id is null

),

left_out as (

    select
        leads.person_id,
        case
            when excluded.reason is not null then excluded.reason
            when with_customer.person_id is not null then 'existing_customer'
            when leads.deleted_at is not null then 'deleted in the CRM'
        end as reason
    from leads
    left join excluded on leads.person_id = excluded.person_id
    left join with_customer on leads.person_id = with_customer.person_id

)

select
    person_id,
    reason
from left_out
where reason is not null
