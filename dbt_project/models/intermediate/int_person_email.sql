-- Which person an e-mail address stands for, one row an address.
-- Form submissions and e-mail events name an address, not a record. HubSpot decides, since it keeps
-- one contact an address; Salesforce only serves where HubSpot has none. Merged records count too.
-- An address that nobody has any more stands for who had it: what was sent under it stays theirs.
with

records as (

    select * from {{ ref('person_record') }}

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

salesforce_contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

former_hubspot_emails as (

    select * from {{ ref('stg_hubspot__former_email') }}

),

former_lead_emails as (

    select * from {{ ref('stg_salesforce__former_lead_email') }}

),

former_contact_emails as (

    select * from {{ ref('stg_salesforce__former_contact_email') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}
    where field = 'Email'

),

contact_history as (

    select * from {{ ref('stg_salesforce__contact_history') }}
    where field = 'Email'

),

positions as (

    {{ dbt.generate_series(64) }}

),

additional_emails as (

    select
        contacts.contact_id,
        nullif(
            {{ dbt.split_part('contacts.additional_emails', "';'", 'positions.generated_number') }},
            ''
        ) as email
    from contacts
    cross join positions
    where contacts.additional_emails is not null

),

addresses as (

    select
        'contacts' as object,
        contact_id as record_id,
        email,
        1 as precedence
    from contacts
    union all
    select
        'Lead' as object,
        lead_id as record_id,
        email,
        2 as precedence
    from leads
    union all
    select
        'Contact' as object,
        contact_id as record_id,
        email,
        2 as precedence
    from salesforce_contacts
    union all
    select
        'contacts' as object,
        contact_id as record_id,
        email,
        3 as precedence
    from additional_emails
    union all
    select
        'contacts' as object,
        contact_id as record_id,
        email,
        3 as precedence
    from former_hubspot_emails
    union all
    select
        'Lead' as object,
        lead_id as record_id,
        email,
        4 as precedence
    from former_lead_emails
    union all
    select
        'Contact' as object,
        contact_id as record_id,
        email,
        4 as precedence
    from former_contact_emails
    union all
    select
        'Lead' as object,
        lead_id as record_id,
        old_value as email,
        4 as precedence
    from lead_history
    union all
    select
        'Contact' as object,
        contact_id as record_id,
        old_value as email,
        4 as precedence
    from contact_history

),

ranked as (

    select
        lower({{ trimmed('addresses.email') }}) as email,
        records.person_id,
        row_number() over (
            partition by lower({{ trimmed('addresses.email') }})
            order by
                addresses.precedence,
                case when records.deleted_at is null then 0 else 1 end,
                records.created_at,
                records.record_id
        ) as precedence
    from addresses
    inner join records
        on addresses.object = records.object
            and addresses.record_id = records.record_id
    where addresses.email is not null

),

people as (

    select
        email,
        person_id
    from ranked
    where precedence = 1

)

select * from people
