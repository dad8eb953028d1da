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
        min(created_at) as first_known_at,
        max(deleted_at) as last_deleted_at,
        count(*) as records,
        count(deleted_at) as deleted_records,
        min(
            case when email_domain is not null and not is_personal_domain then preference end
        ) as corporate_domain,
        min(case when email_domain is not null then preference end) as any_domain,
        min(case when object = 'contacts' then preference end) as hubspot_contact,
        min(case when title is not null then preference end) as title,
        min(case when country is not null then preference end) as country,
        min(case when industry is not null then preference end) as industry,
        min(case when employees > 0 then preference end) as employees,
        min(case when annual_revenue > 0 then preference end) as annual_revenue
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
        max(
            case when ranked.preference = knows.hubspot_contact then ranked.record_id end
        ) as hubspot_contact_id,
        max(case when ranked.preference = knows.title then ranked.title end) as title,
        max(case when ranked.preference = knows.country then ranked.country end) as country,
        max(case when ranked.preference = knows.industry then ranked.industry end) as industry,
        max(case when ranked.preference = knows.employees then ranked.employees end) as employees,
        max(
            case when ranked.preference = knows.annual_revenue then ranked.annual_revenue end
        ) as annual_revenue
    from knows
    inner join ranked on knows.person_id = ranked.person_id
    group by 1

),

people as (

    select
        knows.person_id,
        knows.first_known_at,
        case
            when
                knows.records = knows.deleted_records
                and knows.last_deleted_at <= this_run.as_of
                then knows.last_deleted_at
        end as deleted_at,
        folded.email_domain,
        folded.hubspot_contact_id,
        folded.title,
        folded.title is not null as has_title,
        folded.country,
        folded.industry,
        folded.employees,
        folded.annual_revenue
    from knows
    cross join this_run
    inner join folded on knows.person_id = folded.person_id

)

select * from people
