-- One row per opportunity and person who takes part in it, with the strongest link between the two
-- when the deal was accepted into pipeline: a later one speaks only for whom nothing linked then,
-- one of a day that nobody knows comes after it, and last one that was taken off again
-- (`link_turn`).
-- A role that went with its deleted opportunity or contact is kept. One that was taken off the deal
-- is kept, with `taken_off_at`, when that was after the acceptance: it still speaks for what was
-- stamped then. Taken off before, or of a deal that was never accepted, it tells nothing.
-- `created_by` and `made_at` are of the first role that somebody in sales made, else anybody.
with

tolerance as (

    -- A conversion bears the day of its user's time zone, which may begin later than the deal.
    select 1 as days_between_zones

),

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

users as (

    select * from {{ ref('int_user') }}
    where system = 'salesforce'

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

contact_roles as (

    select * from {{ ref('stg_salesforce__opportunity_contact_role') }}

),

deleted_records as (

    select * from {{ ref('int_deleted_record') }}

),

deals as (

    select * from {{ ref('stg_hubspot__deal') }}

),

associations as (

    select * from {{ ref('int_hubspot_edge') }}

),

deal_contacts as (

    select
        from_id as deal_id,
        to_id as contact_id
    from associations
    where from_object = 'deals'
        and to_object = 'contacts'

    union

    select
        to_id as deal_id,
        from_id as contact_id
    from associations
    where from_object = 'contacts'
        and to_object = 'deals'

),

-- The deal that mirrors an opportunity speaks for the opportunity.
deal_opportunities as (

    select
        deals.deal_id,
        opportunities.opportunity_id
    from deals
    inner join opportunities
        on deals.deal_id = opportunities.opportunity_id

    union

    select
        deals.deal_id,
        opportunities.opportunity_id
    from deals
    inner join opportunities
        on substr(deals.salesforce_opportunity_id, 1, 15)
            = substr(opportunities.opportunity_id, 1, 15)

),

-- A role that was deleted by itself was taken off. As of a day before that it is still on.
deleted_roles as (

    select
        contact_roles.*,
        case
            when {{ happened(
                    'contact_roles', ['contact_roles.opportunity_id', 'contact_roles.contact_id']
                ) }} then null
            else coalesce(
                    contact_roles.source_modified_at,
                    contact_roles.modified_at,
                    contact_roles.extracted_at
                )
        end as deleted_at
    from contact_roles

),

dated_roles as (

    select
        deleted_roles.*,
        case when deleted_roles.deleted_at <= run.as_of then deleted_roles.deleted_at end
            as taken_off_at
    from deleted_roles
    cross join run

),

links as (

    select
        leads.converted_opportunity_id as opportunity_id,
        'salesforce' as system,
        'Lead' as object,
        leads.lead_id as record_id,
        1 as link_rank,
        {{ start_of_day('leads.converted_date', 'calendar.reporting_time_zone') }} as created_at,
        cast(null as {{ dbt.type_string() }}) as created_by,
        cast(null as timestamp) as taken_off_at
    from leads
    cross join calendar
    where leads.converted_opportunity_id is not null

    union all

    select
        dated_roles.opportunity_id,
        'salesforce' as system,
        'Contact' as object,
        dated_roles.contact_id as record_id,
        case when dated_roles.is_primary then 2 else 3 end as link_rank,
        dated_roles.created_at,
        dated_roles.created_by,
        dated_roles.taken_off_at
    from dated_roles

    union all

    select
        deal_opportunities.opportunity_id,
        'hubspot' as system,
        'contacts' as object,
        deal_contacts.contact_id as record_id,
        3 as link_rank,
        cast(null as timestamp) as created_at,
        cast(null as {{ dbt.type_string() }}) as created_by,
        cast(null as timestamp) as taken_off_at
    from deal_contacts
    inner join deal_opportunities on deal_contacts.deal_id = deal_opportunities.deal_id

),

person_links as (

    select
        opportunities.opportunity_id,
        person_records.person_id,
        links.link_rank,
        case
            when links.created_at > opportunities.created_at then links.created_at
            else opportunities.created_at
        end as created_at,
        links.created_by,
        links.taken_off_at,
        case
            when links.created_at is null then 3
            when links.link_rank = 1
                and links.created_at <= {{
                    dbt.dateadd('day', 'tolerance.days_between_zones', 'progress.accepted_at')
                }} then 1
            when links.created_at > progress.accepted_at and links.taken_off_at is not null then 4
            when links.created_at > progress.accepted_at then 2
            else 1
        end as link_turn
    from links
    cross join tolerance
    inner join opportunities on links.opportunity_id = opportunities.opportunity_id
    left join progress on links.opportunity_id = progress.opportunity_id
    inner join person_records
        on links.system = person_records.system
            and links.object = person_records.object
            and links.record_id = person_records.record_id
    where links.taken_off_at is null
        or links.taken_off_at > progress.accepted_at

),

known_by_now as (

    select
        person_links.*,
        row_number() over (
            partition by person_links.opportunity_id, person_links.person_id
            order by
                person_links.link_turn,
                person_links.link_rank,
                person_links.created_at
        ) as position,
        row_number() over (
            partition by person_links.opportunity_id, person_links.person_id
            order by
                case when person_links.created_by is null then 1 else 0 end,
                case when users.is_sales is false then 1 else 0 end,
                person_links.created_at,
                person_links.created_by
        ) as making
    from person_links
    inner join run on person_links.created_at <= run.as_of
    left join users on person_links.created_by = users.user_id

),

-- Several links of one person are one row, so that nobody is counted twice. Whom one of them still
-- holds is on the deal.
roles as (

    select
        opportunity_id,
        person_id,
        max(case when position = 1 then link_rank end) as link_rank,
        max(case when position = 1 then link_turn end) as link_turn,
        max(case when position = 1 then created_at end) as linked_at,
        min(created_at) as created_at,
        max(case when making = 1 then created_by end) as created_by,
        max(case when making = 1 and created_by is not null then created_at end) as made_at,
        case when count(taken_off_at) = count(*) then max(taken_off_at) end as taken_off_at
    from known_by_now
    group by 1, 2

),

named as (

    select
        opportunity_id,
        person_id,
        case
            when link_rank = 1 then 'converted_lead'
            when link_rank = 2 then 'primary_role'
            else 'role'
        end as link,
        link_turn,
        linked_at,
        created_at,
        created_by,
        made_at,
        taken_off_at
    from roles

)

select * from named
