-- Each raw lead and contact maps to exactly one person: none is missing, none is there twice.
with

raw_records as (

    select 'salesforce' as system, 'Lead' as object, lead_id as record_id
    from {{ ref('stg_salesforce__lead') }}
    union all
    select 'salesforce' as system, 'Contact' as object, contact_id as record_id
    from {{ ref('stg_salesforce__contact') }}
    union all
    select 'hubspot' as system, 'contacts' as object, contact_id as record_id
    from {{ ref('stg_hubspot__contact') }}

),

mapped as (

    select
        system,
        object,
        record_id,
        count(*) as people
    from {{ ref('person_record') }}
    group by 1, 2, 3

)

select
    raw_records.system,
    raw_records.object,
    raw_records.record_id,
    mapped.people
from raw_records
left join mapped
    on
        raw_records.system = mapped.system
        and raw_records.object = mapped.object
        and raw_records.record_id = mapped.record_id
where mapped.people is null or mapped.people <> 1
