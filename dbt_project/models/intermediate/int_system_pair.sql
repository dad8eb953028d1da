-- What both systems say of the same person today: one row per person. Of several living records of
-- one system the one that changed last speaks here.
with

records as (

    select * from {{ ref('person_record') }}
    where deleted_at is null and is_survivor

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

statuses as (

    select
        system,
        lower(trim(status)) as status_key,
        max(kind) as kind
    from {{ ref('lead_status') }}
    where valid_to is null
    group by 1, 2

),

sources as (

    select
        system,
        lower(trim(value)) as source_key,
        max(source) as source
    from {{ ref('source_mapping') }}
    where valid_to is null and detail is null
    group by 1, 2

),

in_salesforce as (

    select
        records.person_id,
        leads.status,
        leads.lead_source,
        row_number() over (
            partition by records.person_id
            order by
                case when records.object = 'Lead' then 0 else 1 end asc,
                leads.modified_at desc,
                records.record_id asc
        ) as place,
        count(*) over (partition by records.person_id) as records
    from records
    left join leads
        on records.object = 'Lead' and records.record_id = leads.lead_id
    where records.system = 'salesforce'

),

in_hubspot as (

    select
        records.person_id,
        contacts.lead_status,
        contacts.lifecycle_stage,
        contacts.analytics_source,
        row_number() over (
            partition by records.person_id
            order by contacts.modified_at desc, records.record_id asc
        ) as place,
        count(*) over (partition by records.person_id) as records
    from records
    inner join contacts
        on records.record_id = contacts.contact_id
    where records.system = 'hubspot'

),

people as (

    select distinct person_id from records

),

paired as (

    select
        people.person_id,
        coalesce(in_hubspot.records, 0) as hubspot_records,
        coalesce(in_salesforce.records, 0) as salesforce_records,
        in_hubspot.lifecycle_stage,
        in_hubspot.lead_status as hubspot_status,
        in_salesforce.status as salesforce_status,
        hubspot_statuses.kind as hubspot_kind,
        salesforce_statuses.kind as salesforce_kind,
        in_hubspot.analytics_source as hubspot_source,
        in_salesforce.lead_source as salesforce_source,
        hubspot_sources.source as hubspot_source_means,
        salesforce_sources.source as salesforce_source_means
    from people
    left join in_hubspot
        on people.person_id = in_hubspot.person_id and in_hubspot.place = 1
    left join in_salesforce
        on people.person_id = in_salesforce.person_id and in_salesforce.place = 1
    left join statuses as hubspot_statuses
        on hubspot_statuses.system = 'hubspot'
            and lower({{ trimmed('in_hubspot.lead_status') }}) = hubspot_statuses.status_key
    left join statuses as salesforce_statuses
        on salesforce_statuses.system = 'salesforce'
            and lower({{ trimmed('in_salesforce.status') }}) = salesforce_statuses.status_key
    left join sources as hubspot_sources
        on hubspot_sources.system = 'hubspot'
            and lower({{ trimmed('in_hubspot.analytics_source') }}) = hubspot_sources.source_key
    left join sources as salesforce_sources
        on salesforce_sources.system = 'salesforce'
            and lower({{ trimmed('in_salesforce.lead_source') }}) = salesforce_sources.source_key

)

select * from paired
