-- Who owned a person's record from when on, one row a change of owner.
-- The lead speaks; before there is one the contacts of both systems do, after its conversion the
-- contact that it became.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

records as (

    select * from {{ ref('person_record') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

stays as (

    select * from {{ ref('int_record_owner') }}

),

users as (

    select * from {{ ref('int_user') }}

),

people_with_lead as (

    select
        person_id,
        min(created_at) as first_lead_at
    from records
    where object = 'Lead'
    group by 1

),

-- A conversion has a day and no time: it counts from the start of that day.
conversions as (

    select
        leads.converted_contact_id as contact_id,
        min(
            greatest(
                leads.created_at,
                coalesce(
                    {{ start_of_day('leads.converted_date', 'calendar.reporting_time_zone') }},
                    leads.created_at
                )
            )
        ) as converted_at
    from leads
    cross join calendar
    where leads.converted_contact_id is not null
    group by 1

),

-- While a record's owner is its person's: a lead's until it is merged away, a contact's until there
-- is a lead, and again that of the contact which a lead became, also by an owner it had before.
speaking as (

    select
        records.object,
        records.record_id,
        records.person_id,
        {{ far_past() }} as speaks_from,
        case
            when records.object = 'Lead' and records.speaks then {{ far_future() }}
            when records.object = 'Lead' then records.deleted_at
            else coalesce(people_with_lead.first_lead_at, {{ far_future() }})
        end as speaks_until
    from records
    left join people_with_lead on records.person_id = people_with_lead.person_id
    union all
    select
        records.object,
        records.record_id,
        records.person_id,
        conversions.converted_at as speaks_from,
        {{ far_future() }} as speaks_until
    from conversions
    inner join records
        on conversions.contact_id = records.record_id
            and records.object = 'Contact'
    inner join people_with_lead on records.person_id = people_with_lead.person_id

),

spoken as (

    select
        speaking.person_id,
        stays.system,
        stays.object,
        stays.record_id,
        case
            when stays.owned_at > speaking.speaks_from then stays.owned_at
            else speaking.speaks_from
        end as owned_at,
        stays.owner_id,
        stays.change_id,
        speaking.speaks_until
    from stays
    inner join speaking
        on stays.object = speaking.object
            and stays.record_id = speaking.record_id
            and stays.owned_at < speaking.speaks_until
            and coalesce(stays.owned_until, {{ far_future() }}) > speaking.speaks_from

),

-- Who owns what speaks on when leads of a person are merged away.
at_merges as (

    select
        spoken.person_id,
        spoken.system,
        spoken.object,
        spoken.record_id,
        merged_away.deleted_at as owned_at,
        spoken.owner_id,
        spoken.change_id,
        row_number() over (
            partition by spoken.person_id, merged_away.deleted_at
            order by spoken.owned_at desc, spoken.record_id desc, spoken.change_id desc
        ) as number_from_last
    from records as merged_away
    inner join spoken
        on merged_away.person_id = spoken.person_id
            and merged_away.deleted_at >= spoken.owned_at
            and merged_away.deleted_at < spoken.speaks_until
    where merged_away.object = 'Lead'
        and not merged_away.speaks

),

told as (

    select
        person_id,
        system,
        object,
        record_id,
        owned_at,
        owner_id,
        change_id,
        0 as merge_rank
    from spoken
    union all
    select
        person_id,
        system,
        object,
        record_id,
        owned_at,
        owner_id,
        change_id,
        1 as merge_rank
    from at_merges
    where number_from_last = 1

),

compared as (

    select
        told.*,
        lag(owner_id) over (
            partition by person_id
            order by
                owned_at,
                merge_rank,
                case when object = 'contacts' then 0 else 1 end,
                record_id,
                change_id
        ) as former_owner_id
    from told

),

-- A merge that leaves the person with the same owner is no assignment.
of_people as (

    select * from compared
    where merge_rank = 0
        or coalesce(owner_id, '') <> coalesce(former_owner_id, '')

),

numbered as (

    select
        of_people.person_id,
        of_people.owned_at,
        of_people.owner_id,
        of_people.owner_id is not null
        and coalesce(users.is_person, of_people.owner_id not like '00G%') as is_person,
        of_people.system,
        of_people.object,
        of_people.record_id,
        row_number() over in_order as sequence,
        lead(of_people.owned_at) over in_order as owned_until
    from of_people
    inner join run on of_people.owned_at <= run.as_of
    left join users
        on of_people.owner_id = users.user_id
            and of_people.system = users.system
    window in_order as (
        partition by of_people.person_id
        order by
            of_people.owned_at,
            of_people.merge_rank,
            case when of_people.object = 'contacts' then 0 else 1 end,
            of_people.record_id,
            of_people.change_id
    )

)

select * from numbered
