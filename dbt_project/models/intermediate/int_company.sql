-- Accounts that a CRM knows: Salesforce accounts and HubSpot companies, survivors of merges only.
-- A company whose Salesforce account appears later is succeeded by it from that moment.
with

account_records as (

    select * from {{ ref('int_account_record') }}

),

accounts as (

    select * from {{ ref('stg_salesforce__account') }}

),

companies as (

    select * from {{ ref('stg_hubspot__company') }}

),

personal_domains as (

    select lower(trim(domain)) as domain from {{ ref('personal_domain') }}

),

this_run as (

    select * from {{ ref('run') }}

),

-- An account exists since the first of the records that were merged into it.
first_created as (

    select
        system,
        survivor_id,
        min(created_at) as created_at
    from account_records
    group by 1, 2

),

company_domains as (

    select
        account_records.account_id,
        min({{ website_domain('companies.domain') }}) as domain
    from companies
    inner join account_records
        on
            companies.company_id = account_records.record_id
            and account_records.system = 'hubspot'
    group by 1

),

combined as (

    select
        accounts.account_id,
        'salesforce' as system,
        first_created.created_at,
        coalesce({{ website_domain('accounts.website') }}, company_domains.domain) as raw_domain,
        accounts.account_type,
        accounts.industry,
        accounts.employees,
        accounts.annual_revenue,
        accounts.country,
        case
            when accounts.is_deleted
                then coalesce(accounts.source_modified_at, accounts.modified_at)
        end as deleted_at,
        cast(null as varchar) as succeeded_by,
        cast(null as timestamp) as succeeded_at
    from accounts
    inner join first_created
        on accounts.account_id = first_created.survivor_id and first_created.system = 'salesforce'
    left join company_domains on accounts.account_id = company_domains.account_id

    union all

    select
        companies.company_id as account_id,
        'hubspot' as system,
        first_created.created_at,
        {{ website_domain('companies.domain') }} as raw_domain,
        cast(null as varchar) as account_type,
        companies.industry,
        companies.employees,
        companies.annual_revenue,
        companies.country,
        case
            when companies.is_deleted or companies.is_archived
                then coalesce(companies.archived_at, companies.source_modified_at)
        end as deleted_at,
        salesforce_created.survivor_id as succeeded_by,
        salesforce_created.created_at as succeeded_at
    from companies
    inner join first_created
        on companies.company_id = first_created.survivor_id and first_created.system = 'hubspot'
    inner join account_records
        on companies.company_id = account_records.record_id and account_records.system = 'hubspot'
    left join first_created as salesforce_created
        on
            account_records.account_id = salesforce_created.survivor_id
            and salesforce_created.system = 'salesforce'

),

known as (

    select
        combined.*,
        case when personal_domains.domain is null then combined.raw_domain end as domain
    from combined
    cross join this_run
    left join personal_domains on combined.raw_domain = personal_domains.domain
    where combined.created_at <= this_run.as_of

)

select * from known
