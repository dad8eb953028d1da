-- What each system first said of a person's source, and since when: one row a person and system.
-- It is read from history, so a later overwrite in a CRM changes nothing but `raw_source_now`.
with

person_records as (

    select * from {{ ref('person_record') }}

),

hubspot_contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

contact_property_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

contact_history as (

    select * from {{ ref('stg_salesforce__contact_history') }}

),

this_run as (

    select * from {{ ref('run') }}

),

salesforce_records as (

    select
        'Lead' as object,
        lead_id as record_id,
        lead_source,
        first_lead_source,
        coalesce(first_lead_source_at, created_at) as landed_at,
        created_at
    from leads

    union all

    select
        'Contact' as object,
        contact_id as record_id,
        lead_source,
        first_lead_source,
        coalesce(first_lead_source_at, created_at) as landed_at,
        created_at
    from contacts

),

source_changes as (

    select
        'Lead' as object,
        lead_id as record_id,
        history_id,
        old_value,
        new_value,
        created_at as changed_at
    from lead_history
    where field = 'LeadSource'

    union all

    select
        'Contact' as object,
        contact_id as record_id,
        history_id,
        old_value,
        new_value,
        created_at as changed_at
    from contact_history
    where field = 'LeadSource'

),

-- What a change replaced had been there since the change before, or since the record was made.
given_in_salesforce as (

    select
        object,
        record_id,
        history_id,
        changed_at,
        0 as step,
        {{ given('old_value') }} as value,
        lag(changed_at) over (
            partition by object, record_id
            order by changed_at, history_id
        ) as stated_at
    from source_changes

    union all

    select
        object,
        record_id,
        history_id,
        changed_at,
        1 as step,
        {{ given('new_value') }} as value,
        changed_at as stated_at
    from source_changes

),

first_given_in_salesforce as (

    select
        object,
        record_id,
        value,
        stated_at,
        row_number() over (
            partition by object, record_id
            order by changed_at, history_id, step
        ) as position
    from given_in_salesforce
    where value is not null

),

-- Without history, the first landed value speaks.
stated as (

    select
        'hubspot' as system,
        'contacts' as object,
        hubspot_contacts.contact_id as record_id,
        case
            when history.contact_id is null then hubspot_contacts.analytics_source
            else history.value
        end as raw_source,
        hubspot_contacts.analytics_source_detail_1 as raw_detail,
        hubspot_contacts.analytics_source as raw_source_now,
        case
            when history.contact_id is null then hubspot_contacts.created_at
            else history.changed_at
        end as stated_at
    from hubspot_contacts
    left join contact_property_history as history
        on
            hubspot_contacts.contact_id = history.contact_id
            and history.property = 'hs_analytics_source'

    union all

    select
        'salesforce' as system,
        records.object,
        records.record_id,
        coalesce(firsts.value, records.first_lead_source) as raw_source,
        cast(null as {{ dbt.type_string() }}) as raw_detail,
        records.lead_source as raw_source_now,
        case
            when firsts.value is null then records.landed_at
            else coalesce(firsts.stated_at, records.created_at)
        end as stated_at
    from salesforce_records as records
    left join first_given_in_salesforce as firsts
        on
            records.object = firsts.object
            and records.record_id = firsts.record_id
            and firsts.position = 1

),

stated_by_person as (

    select
        person_records.person_id,
        stated.system,
        stated.raw_source,
        stated.raw_detail,
        stated.raw_source_now,
        coalesce(stated.stated_at, person_records.created_at) as stated_at,
        row_number() over (
            partition by person_records.person_id, stated.system
            order by
                coalesce(stated.stated_at, person_records.created_at),
                person_records.created_at,
                stated.record_id,
                stated.raw_source
        ) as statement_rank
    from stated
    inner join person_records
        on
            stated.system = person_records.system
            and stated.object = person_records.object
            and stated.record_id = person_records.record_id
    cross join this_run
    where
        {{ given('stated.raw_source') }} is not null
        and coalesce(stated.stated_at, person_records.created_at) <= this_run.as_of

),

first_statements as (

    select
        person_id,
        system,
        raw_source,
        raw_detail,
        raw_source_now,
        stated_at
    from stated_by_person
    where statement_rank = 1

)

select * from first_statements
