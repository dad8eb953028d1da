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
-- survivor before merged, Salesforce lead, then contact, then HubSpot; the newest of these. Each of
-- these outweighs what follows it, in one number that no two records share.
preferred as (

    select
        person_records.person_id,
        records.record_number,
        records.created_at,
        records.deleted_at,
        records.email_domain,
        records.is_personal_domain,
        records.title,
        (
            case when records.deleted_at is null then 8 else 0 end
            + case when person_records.is_survivor then 4 else 0 end
            + case records.object when 'Lead' then 2 when 'Contact' then 1 else 0 end
        ) * 1000000000000 + records.record_number as preference
    from records
    inner join person_records
        on
            records.system = person_records.system
            and records.object = person_records.object
            and records.record_id = person_records.record_id

),

-- The most preferred record that knows each fact.
knows as (

    select
        person_id,
        min(record_number) as person_number,
        min(created_at) as first_known_at,
        max(deleted_at) as last_deleted_at,
        count(*) as records,
        count(deleted_at) as deleted_records,
        max(
            case when email_domain is not null and not is_personal_domain then preference end
        ) as corporate_domain,
        max(case when email_domain is not null then preference end) as any_domain,
        max(case when title is not null then preference end) as title
    from preferred
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
        domains.email_domain,
        titles.title,
        titles.title is not null as has_title
    from knows
    cross join this_run
    left join preferred as domains
        on coalesce(knows.corporate_domain, knows.any_domain) = domains.preference
    left join preferred as titles on knows.title = titles.preference

)

select * from people
