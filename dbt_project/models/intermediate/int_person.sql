-- One row per human, from all of its records.
with

records as (

    select * from {{ ref('int_record') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

this_run as (

    select * from {{ ref('run') }}

),

-- A person's own facts come from the record that is most likely kept: living before deleted,
-- survivor before merged, Salesforce lead, then contact, then HubSpot; the newest of these.
ranked as (

    select
        person_records.person_id,
        person_records.is_survivor,
        records.*,
        row_number() over (
            partition by person_records.person_id
            order by
                case when records.deleted_at is null then 0 else 1 end,
                case when person_records.is_survivor then 0 else 1 end,
                case records.object when 'Lead' then 1 when 'Contact' then 2 else 3 end,
                records.record_number desc
        ) as preference
    from records
    inner join person_records
        on
            records.system = person_records.system
            and records.object = person_records.object
            and records.record_id = person_records.record_id

),

-- The first record, by preference, that knows each fact.
knows as (

    select
        person_id,
        min(record_number) as person_number,
        min(created_at) as first_known_at,
        max(deleted_at) as last_deleted_at,
        count(*) as records,
        count(deleted_at) as deleted_records,
        min(
            case when email_domain is not null and not is_personal_domain then preference end
        ) as corporate_domain,
        min(case when email_domain is not null then preference end) as any_domain,
        min(case when title is not null then preference end) as title
    from ranked
    group by 1

),

folded as (

    select
        knows.person_id,
        max(
            case
                when ranked.preference = coalesce(knows.corporate_domain, knows.any_domain)
                    then ranked.email_domain
            end
        ) as email_domain,
        max(case when ranked.preference = knows.title then ranked.title end) as title
    from knows
    inner join ranked on knows.person_id = ranked.person_id
    group by 1

),

people as (

    select
        knows.person_id,
        knows.person_number,
        knows.first_known_at,
        case
            when
                knows.records = knows.deleted_records
                and knows.last_deleted_at <= this_run.as_of
                then knows.last_deleted_at
        end as deleted_at,
        folded.email_domain,
        folded.title,
        folded.title is not null as has_title
    from knows
    cross join this_run
    inner join folded on knows.person_id = folded.person_id

)

select * from people
