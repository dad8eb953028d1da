-- Which person an e-mail address stands for, one row an address.
-- Form submissions and e-mail events name an address, not a record. HubSpot decides, since it keeps
-- one contact an address; Salesforce only serves where HubSpot has none. Merged records count too.
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
