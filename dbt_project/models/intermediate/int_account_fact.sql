-- What a CRM said about an account, and since when: one row per account, attribute and statement.
-- A provisional account knows what its people's own records say.
with

companies as (

    select * from {{ ref('int_company') }}

),

accounts as (

    select * from {{ ref('int_account') }}

),

account_history as (

    select * from {{ ref('stg_salesforce__account_history') }}

),

company_history as (

    select * from {{ ref('stg_hubspot__company_history') }}

),

records as (

    select * from {{ ref('int_record') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

this_run as (

    select * from {{ ref('run') }}

),

-- Each account's value as it stands now.
current_values as (

    select
        account_id,
        system,
        created_at,
        'industry' as attribute,
        industry as value
    from companies
    union all
    select
        account_id,
        system,
        created_at,
        'employees' as attribute,
        cast(employees as varchar) as value
    from companies
    union all
    select
        account_id,
        system,
        created_at,
        'annual_revenue' as attribute,
        cast(annual_revenue as varchar) as value
    from companies
    union all
    select
        account_id,
        system,
        created_at,
        'country' as attribute,
        country as value
    from companies
    union all
    select
        account_id,
        system,
        created_at,
        'account_type' as attribute,
        account_type as value
    from companies

),

changes as (

    select
        account_id,
        case field
            when 'Industry' then 'industry'
            when 'NumberOfEmployees' then 'employees'
            when 'AnnualRevenue' then 'annual_revenue'
            when 'BillingCountry' then 'country'
            when 'BillingCountryCode' then 'country'
            when 'Type' then 'account_type'
        end as attribute,
        old_value,
        new_value,
        created_at as changed_at,
        history_id as change_id
    from account_history
    where
        field in (
            'Industry',
            'NumberOfEmployees',
            'AnnualRevenue',
            'BillingCountry',
            'BillingCountryCode',
            'Type'
        )

    union all

    select
        company_id as account_id,
        case property
            when 'industry' then 'industry'
            when 'numberofemployees' then 'employees'
            when 'annualrevenue' then 'annual_revenue'
            when 'country' then 'country'
        end as attribute,
        cast(null as varchar) as old_value,
        value as new_value,
        changed_at,
        coalesce(value, '') as change_id
    from company_history
    where property in ('industry', 'numberofemployees', 'annualrevenue', 'country')

),

-- Records on the domain of a provisional account.
own_records as (

    select
        accounts.account_id,
        accounts.created_at as account_created_at,
        records.node_key,
        records.record_id,
        records.object,
        records.created_at,
        records.country,
        records.industry,
        cast(records.employees as varchar) as employees,
        cast(records.annual_revenue as varchar) as annual_revenue
    from accounts
    inner join records on accounts.domain = records.email_domain
    where accounts.system = 'domain'

),

own_current_values as (

    select
        account_id,
        node_key,
        record_id,
        object,
        created_at,
        'industry' as attribute,
        industry as value
    from own_records
    union all
    select
        account_id,
        node_key,
        record_id,
        object,
        created_at,
        'employees' as attribute,
        employees as value
    from own_records
    union all
    select
        account_id,
        node_key,
        record_id,
        object,
        created_at,
        'annual_revenue' as attribute,
        annual_revenue as value
    from own_records
    union all
    select
        account_id,
        node_key,
        record_id,
        object,
        created_at,
        'country' as attribute,
        country as value
    from own_records

),

lead_changes as (

    select
        lead_id,
        case field
            when 'Industry' then 'industry'
            when 'NumberOfEmployees' then 'employees'
            when 'AnnualRevenue' then 'annual_revenue'
            else 'country'
        end as attribute,
        old_value,
        new_value,
        created_at as changed_at,
        history_id
    from lead_history
    where field in ('Industry', 'NumberOfEmployees', 'AnnualRevenue', 'Country', 'CountryCode')

),

first_lead_changes as (

    select
        lead_changes.*,
        row_number() over (
            partition by lead_id, attribute order by changed_at, history_id
        ) as change_rank
    from lead_changes

),

own_initial_values as (

    select
        own_current_values.account_id,
        own_current_values.attribute,
        case
            when first_lead_changes.lead_id is null then own_current_values.value
            else first_lead_changes.old_value
        end as value,
        own_current_values.created_at as stated_at,
        own_current_values.node_key as change_id,
        0 as sequence
    from own_current_values
    left join first_lead_changes
        on
            own_current_values.object = 'Lead'
            and own_current_values.record_id = first_lead_changes.lead_id
            and own_current_values.attribute = first_lead_changes.attribute
            and first_lead_changes.change_rank = 1

),

own_changed_values as (

    select
        own_records.account_id,
        lead_changes.attribute,
        lead_changes.new_value as value,
        lead_changes.changed_at as stated_at,
        lead_changes.history_id as change_id,
        1 as sequence
    from lead_changes
    inner join own_records
        on own_records.object = 'Lead' and lead_changes.lead_id = own_records.record_id

),

-- A record that does not know a value takes nothing from what another one said.
provisional_values as (

    select * from own_initial_values
    where value is not null

    union all

    select * from own_changed_values
    where value is not null

),

stated as (

    select
        account_id,
        attribute,
        value,
        cast(null as varchar) as old_value,
        created_at as stated_at,
        '' as change_id,
        0 as sequence,
        true as is_present
    from current_values

    union all

    select
        changes.account_id,
        changes.attribute,
        changes.new_value as value,
        changes.old_value,
        greatest(changes.changed_at, companies.created_at) as stated_at,
        changes.change_id,
        1 as sequence,
        false as is_present
    from changes
    inner join companies on changes.account_id = companies.account_id

    union all

    select
        account_id,
        attribute,
        value,
        cast(null as varchar) as old_value,
        stated_at,
        change_id,
        sequence,
        false as is_present
    from provisional_values

),

followed as (

    select
        account_id,
        attribute,
        value,
        is_present,
        stated_at,
        lead(stated_at) over (
            partition by account_id, attribute
            order by stated_at, sequence, change_id
        ) as next_stated_at,
        lead(old_value) over (
            partition by account_id, attribute
            order by stated_at, sequence, change_id
        ) as next_old_value
    from stated

),

-- At creation: what the first change says was there before, or, if nothing ever changed, what is
-- now. Of several statements at one moment the last one counts.
facts as (

    select
        followed.account_id,
        followed.attribute,
        case
            when followed.is_present and followed.next_stated_at is not null
                then followed.next_old_value
            else followed.value
        end as value,
        followed.stated_at as valid_from,
        case
            when followed.next_stated_at <= this_run.as_of then followed.next_stated_at
        end as valid_to
    from followed
    cross join this_run
    where followed.stated_at <= this_run.as_of
        and (
            followed.next_stated_at is null
            or followed.next_stated_at > followed.stated_at
        )

)

select * from facts
