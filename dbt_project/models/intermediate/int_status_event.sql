-- Ordered status changes of people, one row a change, of the records that speak for them.
-- A Salesforce lead's status; before there was a lead, HubSpot's lead status; where no status can
-- tell (there never was one, or the lead is converted), a contact role made by a user on a
-- new-business opportunity counts as accepted. The first row of a lead is the status it was created
-- in. Two changes in the same second are ordered by the rank of their status.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

changes as (

    select * from {{ ref('int_lead_status_change') }}
    union all
    select * from {{ ref('int_contact_status_change') }}

),

mapping as (

    select
        lead_status.*,
        {{ validity_moments('lead_status') }}
    from {{ ref('lead_status') }} as lead_status
    cross join calendar

),

reasons as (

    select
        rejection_reason.*,
        {{ validity_moments('rejection_reason') }}
    from {{ ref('rejection_reason') }} as rejection_reason
    cross join calendar

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

users as (

    select * from {{ ref('int_user') }}

),

owners as (

    select * from {{ ref('int_owner_event') }}

),

mapped as (

    select
        changes.person_id,
        changes.event_at,
        case
            when changes.raw_status is null then 'none'
            else coalesce(mapping.kind, 'unmapped')
        end as kind,
        changes.raw_status,
        -- What somebody typed may name a person: from here on only what is on the list is known.
        case
            when changes.raw_reason is not null then coalesce(reasons.raw_reason, '(free text)')
        end as raw_reason,
        case
            when changes.raw_reason is not null then coalesce(reasons.reason, 'unmapped')
        end as reason,
        changes.revisit_on,
        changes.changed_by,
        changes.is_by_hand,
        changes.is_by_machine,
        changes.system,
        changes.object,
        changes.record_id,
        changes.is_created_in_stage,
        changes.is_left_censored,
        coalesce(mapping.status_rank, 0) as status_rank
    from changes
    left join mapping
        on changes.system = mapping.system
            and lower({{ trimmed('changes.raw_status') }}) = lower(trim(mapping.status))
            and changes.event_at >= mapping.starts_at
            and changes.event_at < mapping.ends_at
    left join reasons
        on lower({{ trimmed('changes.raw_reason') }}) = lower(trim(reasons.raw_reason))
            and changes.event_at >= reasons.starts_at
            and changes.event_at < reasons.ends_at

),

-- What a user made on a deal with a new customer.
made_roles as (

    select
        roles.person_id,
        roles.opportunity_id,
        roles.made_at,
        roles.created_by
    from roles
    inner join opportunities on roles.opportunity_id = opportunities.opportunity_id
    where opportunities.type_kind = 'new_business'
        and roles.created_by is not null

),

-- The status that a person had when the role was made.
statuses_then as (

    select
        made_roles.person_id,
        made_roles.opportunity_id,
        made_roles.made_at,
        mapped.kind,
        mapped.event_at,
        row_number() over (
            partition by made_roles.person_id, made_roles.opportunity_id, made_roles.made_at
            order by mapped.event_at desc, mapped.status_rank desc
        ) as number_from_last
    from made_roles
    inner join mapped
        on made_roles.person_id = mapped.person_id
            and made_roles.made_at >= mapped.event_at
    where mapped.kind <> 'none'

),

role_acceptances as (

    select
        made_roles.person_id,
        made_roles.made_at as event_at,
        'accepted' as kind,
        cast(null as varchar) as raw_status,
        cast(null as varchar) as raw_reason,
        cast(null as varchar) as reason,
        cast(null as date) as revisit_on,
        made_roles.created_by as changed_by,
        false as is_by_hand,
        false as is_by_machine,
        'salesforce' as system,
        'OpportunityContactRole' as object,
        made_roles.opportunity_id as record_id,
        false as is_created_in_stage,
        false as is_left_censored,
        2 as status_rank
    from made_roles
    left join statuses_then
        on made_roles.person_id = statuses_then.person_id
            and made_roles.opportunity_id = statuses_then.opportunity_id
            and made_roles.made_at = statuses_then.made_at
            and statuses_then.number_from_last = 1
    where statuses_then.person_id is null
        or (statuses_then.kind = 'converted' and made_roles.made_at > statuses_then.event_at)

),

events as (

    select * from mapped
    union all
    select * from role_acceptances

),

-- The owner is that of the moment: a change of owner in the same second is already in force.
numbered as (

    select
        events.person_id,
        events.event_at,
        events.kind,
        events.raw_status,
        events.raw_reason,
        events.reason,
        events.revisit_on,
        events.changed_by,
        owners.owner_id,
        owners.is_person as is_owner_person,
        events.system,
        events.object,
        events.record_id,
        events.is_created_in_stage,
        events.is_left_censored,
        not events.is_by_machine
        and case
            when events.changed_by is null then coalesce(owners.is_person, events.is_by_hand)
            else coalesce(users.is_person, events.changed_by not like '00G%')
        end as is_by_person,
        not events.is_by_machine
        and case
            when events.changed_by is null then coalesce(owners.is_person, events.is_by_hand)
            else coalesce(users.is_sales, events.changed_by not like '00G%')
        end as is_by_sales,
        row_number() over (
            partition by events.person_id
            order by
                events.event_at,
                events.status_rank,
                events.object,
                events.record_id,
                events.raw_status
        ) as sequence
    from events
    inner join run on events.event_at <= run.as_of
    left join users
        on events.changed_by = users.user_id
            and events.system = users.system
    left join owners
        on events.person_id = owners.person_id
            and events.event_at >= owners.owned_at
            and events.event_at < coalesce(owners.owned_until, {{ far_future() }})

)

select * from numbered
