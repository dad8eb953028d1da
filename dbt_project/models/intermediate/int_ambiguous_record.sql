-- Records on an address that several people read: they may be one human or several, so nothing
-- joins them. Listed here so that somebody can look.
with

records as (

    select * from {{ ref('int_record') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

shared as (

    select
        records.system,
        records.object,
        records.record_id,
        records.email,
        person_records.person_id,
        count(*) over (partition by records.email) as records_on_address
    from records
    inner join person_records
        on
            records.system = person_records.system
            and records.object = person_records.object
            and records.record_id = person_records.record_id
    where records.is_shared_mailbox

),

ambiguous as (

    select
        system,
        object,
        record_id,
        person_id,
        {{ dbt.hash('email') }} as address_hash,
        records_on_address
    from shared
    where records_on_address > 1

)

select * from ambiguous
