-- The accounts that a person's own records name, and since when, best rule first:
-- 1 the contact's account, 2 the account its lead was converted to, 3 its HubSpot primary company.
-- A contact that moves to another account belonged to the former one until then.
with

calendar as (

    select * from {{ ref('calendar') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

contact_history as (

    select * from {{ ref('stg_salesforce__contact_history') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

hubspot_contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

account_records as (

    select * from {{ ref('int_account_record') }}

),

companies as (

    select * from {{ ref('int_company') }}

),

hubspot_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}
    where property = 'associatedcompanyid'

),

first_companies as (

    select
        contact_id,
        min(changed_at) as named_at,
        count(*) as companies
    from hubspot_history
    group by 1

),

-- HubSpot looks for a new contact's company by itself and names it soon after: a first company that
-- was named within a day counts from the contact's creation, a later one from when it was named.
belonging as (

    select
        'account_id' as rule,
        1 as rule_rank,
        'Contact' as object,
        contact_id as record_id,
        'salesforce' as account_system,
        account_id as account_record_id,
        created_at as belongs_from
    from contacts

    union all

    select
        'hubspot_company' as rule,
        3 as rule_rank,
        'contacts' as object,
        hubspot_contacts.contact_id as record_id,
        'hubspot' as account_system,
        hubspot_contacts.primary_company_id as account_record_id,
        case
            when first_companies.named_at
                > {{ dbt.dateadd('day', 1, 'hubspot_contacts.created_at') }}
                then first_companies.named_at
            else hubspot_contacts.created_at
        end as belongs_from
    from hubspot_contacts
    left join first_companies on hubspot_contacts.contact_id = first_companies.contact_id

),

-- HubSpot's history begins with the first company: a move is a value that follows another.
hubspot_values as (

    select
        hubspot_history.contact_id,
        hubspot_history.changed_at as moved_at,
        lag(hubspot_history.value) over (
            partition by hubspot_history.contact_id
            order by hubspot_history.changed_at, hubspot_history.value
        ) as company_id,
        lag(hubspot_history.changed_at) over (
            partition by hubspot_history.contact_id
            order by hubspot_history.changed_at, hubspot_history.value
        ) as moved_there_at,
        row_number() over (
            partition by hubspot_history.contact_id
            order by hubspot_history.changed_at, hubspot_history.value
        ) as place
    from hubspot_history
    inner join first_companies
        on hubspot_history.contact_id = first_companies.contact_id
            and first_companies.companies > 1

),

-- Salesforce notes a move in two rows: one has the names, one the ids.
moves as (

    select
        'Contact' as object,
        contact_id as record_id,
        old_value as account_record_id,
        created_at as moved_at,
        lag(created_at) over (
            partition by contact_id
            order by created_at, history_id
        ) as moved_there_at
    from contact_history
    where field = 'Account'
        and (old_value like '001%' or new_value like '001%')

    union all

    select
        'contacts' as object,
        contact_id as record_id,
        company_id as account_record_id,
        moved_at,
        case when place > 2 then moved_there_at end as moved_there_at
    from hubspot_values
    where place > 1

),

last_moves as (

    select
        object,
        record_id,
        max(moved_at) as moved_at
    from moves
    group by 1, 2

),

named as (

    select
        belonging.rule,
        belonging.rule_rank,
        belonging.object,
        belonging.record_id,
        belonging.account_system,
        belonging.account_record_id,
        coalesce(last_moves.moved_at, belonging.belongs_from) as named_at,
        cast(null as timestamp) as named_until
    from belonging
    left join last_moves
        on belonging.object = last_moves.object and belonging.record_id = last_moves.record_id
    where belonging.account_record_id is not null

    union all

    select
        belonging.rule,
        belonging.rule_rank,
        belonging.object,
        belonging.record_id,
        belonging.account_system,
        moves.account_record_id,
        coalesce(moves.moved_there_at, belonging.belongs_from) as named_at,
        moves.moved_at as named_until
    from belonging
    inner join moves
        on belonging.object = moves.object and belonging.record_id = moves.record_id
    where moves.account_record_id is not null

    union all

    select
        'converted_account_id' as rule,
        2 as rule_rank,
        'Lead' as object,
        leads.lead_id as record_id,
        'salesforce' as account_system,
        leads.converted_account_id as account_record_id,
        coalesce(
            converted_contacts.created_at,
            {{ start_of_day('leads.converted_date', 'calendar.reporting_time_zone') }}
        ) as named_at,
        cast(null as timestamp) as named_until
    from leads
    cross join calendar
    left join contacts as converted_contacts
        on leads.converted_contact_id = converted_contacts.contact_id
    where leads.converted_account_id is not null

),

-- A company and, once it exists, the Salesforce account that succeeds it.
linked_accounts as (

    select
        account_records.system,
        substr(account_records.record_id, 1, 15) as short_id,
        companies.account_id,
        companies.created_at,
        companies.succeeded_at
    from account_records
    inner join companies on account_records.account_id = companies.account_id

    union all

    select
        account_records.system,
        substr(account_records.record_id, 1, 15) as short_id,
        companies.account_id,
        companies.created_at,
        companies.succeeded_at
    from account_records
    inner join companies on account_records.survivor_id = companies.account_id
    where account_records.survivor_id <> account_records.account_id

),

dated as (

    select
        person_records.person_id,
        person_records.created_at as record_created_at,
        person_records.deleted_at as record_deleted_at,
        named.record_id,
        linked_accounts.account_id,
        named.rule,
        named.rule_rank,
        greatest(
            coalesce(named.named_at, person_records.created_at), linked_accounts.created_at
        ) as valid_from,
        least(linked_accounts.succeeded_at, named.named_until) as valid_to
    from named
    inner join person_records
        on named.object = person_records.object and named.record_id = person_records.record_id
    inner join linked_accounts
        on named.account_system = linked_accounts.system
            and substr(named.account_record_id, 1, 15) = linked_accounts.short_id

),

open_links as (

    select
        person_id,
        account_id,
        rule,
        rule_rank,
        row_number() over (
            partition by person_id, rule_rank
            order by
                case when record_deleted_at is null then 0 else 1 end,
                record_created_at desc,
                record_id asc,
                account_id asc
        ) as preference,
        valid_from,
        valid_to
    from dated
    where valid_to is null or valid_to > valid_from

)

select * from open_links
