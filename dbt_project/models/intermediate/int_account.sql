-- Every account: those that a CRM knows, and a provisional one for each corporate e-mail domain of
-- people who came before any CRM knew their company. `succeeded_at`: another account counts from
-- then.
with

companies as (

    select * from {{ ref('int_company') }}

),

people as (

    select * from {{ ref('int_person') }}

),

account_links as (

    select * from {{ ref('int_person_account_link') }}

),

personal_domains as (

    select lower(trim(domain)) as domain from {{ ref('personal_domain') }}

),

first_link as (

    select
        person_id,
        min(valid_from) as linked_at
    from account_links
    group by 1

),

-- The first account with a domain; a company's Salesforce account has the company's domain.
first_of_domain as (

    select
        domain,
        account_id,
        created_at,
        row_number() over (partition by domain order by created_at, account_id) as domain_rank
    from companies
    where domain is not null

),

unplaced as (

    select
        people.email_domain as domain,
        min(people.first_known_at) as created_at
    from people
    left join personal_domains on people.email_domain = personal_domains.domain
    left join first_link on people.person_id = first_link.person_id
    left join first_of_domain
        on people.email_domain = first_of_domain.domain and first_of_domain.domain_rank = 1
    where
        people.email_domain is not null
        and personal_domains.domain is null
        and (first_link.linked_at is null or first_link.linked_at > people.first_known_at)
        and (
            first_of_domain.created_at is null
            or first_of_domain.created_at > people.first_known_at
        )
    group by 1

),

combined as (

    select
        account_id,
        system,
        created_at,
        domain,
        account_type,
        deleted_at,
        succeeded_by,
        succeeded_at
    from companies

    union all

    select
        'domain:' || {{ dbt.hash('unplaced.domain') }} as account_id,
        'domain' as system,
        unplaced.created_at,
        unplaced.domain,
        cast(null as varchar) as account_type,
        cast(null as timestamp) as deleted_at,
        first_of_domain.account_id as succeeded_by,
        first_of_domain.created_at as succeeded_at
    from unplaced
    left join first_of_domain
        on unplaced.domain = first_of_domain.domain and first_of_domain.domain_rank = 1

)

select * from combined
