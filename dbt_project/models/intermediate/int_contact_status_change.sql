-- Changes of HubSpot's lead status while a person had no Salesforce lead, one row a change.
-- A survivor carries the history of the contacts merged into it, so equal rows are one change.
with

first_leads as (

    select
        person_id,
        min(created_at) as first_lead_at
    from {{ ref('person_record') }}
    where object = 'Lead'
    group by 1

),

contact_records as (

    select * from {{ ref('person_record') }}
    where object = 'contacts'

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

owners as (

    select * from {{ ref('stg_hubspot__owner') }}

),

by_hand as (

    select * from {{ ref('change_by_person') }}
    where system = 'hubspot'

),

people as (

    select
        contact_records.record_id as contact_id,
        contact_records.person_id,
        first_leads.first_lead_at
    from contact_records
    left join first_leads on contact_records.person_id = first_leads.person_id

),

-- HubSpot names the user in one of two places, and by hand only; everything else is a machine.
named as (

    select
        history.contact_id,
        history.changed_at,
        history.value,
        coalesce(
            history.updated_by_user_id,
            case
                when history.source_id like 'userId:%'
                    then replace(history.source_id, 'userId:', '')
            end
        ) as user_id,
        by_hand.change_source is not null as is_by_hand,
        history.source_type is not null and by_hand.change_source is null as is_by_machine
    from history
    left join by_hand on upper(history.source_type) = by_hand.change_source
    where history.property = 'hs_lead_status'

),

recorded as (

    select
        people.person_id,
        named.changed_at as event_at,
        named.value as raw_status,
        max(coalesce(owners.owner_id, 'userId:' || named.user_id)) as changed_by,
        max(case when named.is_by_hand then 1 else 0 end) = 1 as is_by_hand,
        min(case when named.is_by_machine then 1 else 0 end) = 1 as is_by_machine,
        min(people.contact_id) as record_id,
        max(people.first_lead_at) as first_lead_at,
        false as is_left_censored
    from named
    inner join people on named.contact_id = people.contact_id
    left join owners on named.user_id = owners.user_id
    where named.changed_at < coalesce(people.first_lead_at, cast('9999-12-31' as timestamp))
    group by 1, 2, 3

),

-- A status without any history was there before we could look.
unrecorded as (

    select
        people.person_id,
        contacts.created_at as event_at,
        contacts.lead_status as raw_status,
        cast(null as varchar) as changed_by,
        false as is_by_hand,
        false as is_by_machine,
        people.contact_id as record_id,
        people.first_lead_at,
        true as is_left_censored
    from contacts
    inner join people on contacts.contact_id = people.contact_id
    left join recorded on people.person_id = recorded.person_id
    where contacts.lead_status is not null
        and recorded.person_id is null
        and people.first_lead_at is null

),

changes as (

    select * from recorded
    union all
    select * from unrecorded

),

bounded as (

    select
        changes.*,
        coalesce(
            lead(event_at) over (partition by person_id order by event_at, raw_status),
            first_lead_at
        ) as noted_until
    from changes

),

-- The reason that stood until the next change; from the first lead on, HubSpot shows the lead's.
noted as (

    select
        bounded.person_id,
        bounded.event_at,
        bounded.raw_status,
        history.value,
        row_number() over (
            partition by bounded.person_id, bounded.event_at, bounded.raw_status
            order by history.changed_at desc, history.value asc
        ) as number_from_last
    from bounded
    inner join people on bounded.person_id = people.person_id
    inner join history
        on people.contact_id = history.contact_id
            and history.property = 'lead_rejection_reason'
            and (
                history.changed_at < coalesce(bounded.noted_until, {{ far_future() }})
                or bounded.event_at = history.changed_at
            )

),

status_changes as (

    select
        bounded.person_id,
        bounded.event_at,
        bounded.raw_status,
        case
            when noted.person_id is not null then noted.value
            when bounded.noted_until is null
                then contacts.rejection_reason
        end as raw_reason,
        cast(null as date) as revisit_on,
        bounded.changed_by,
        bounded.is_by_hand,
        bounded.is_by_machine,
        'hubspot' as system,
        'contacts' as object,
        bounded.record_id,
        false as is_created_in_stage,
        bounded.is_left_censored
    from bounded
    inner join contacts on bounded.record_id = contacts.contact_id
    left join noted
        on bounded.person_id = noted.person_id
            and bounded.event_at = noted.event_at
            and bounded.raw_status = noted.raw_status
            and noted.number_from_last = 1

)

select * from status_changes
