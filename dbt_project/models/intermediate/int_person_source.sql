-- The first source by which a person became known. It is read from history, so a later overwrite in
-- a CRM changes nothing here; `is_drifted` lists where the CRM now says something else.
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

campaign_members as (

    select * from {{ ref('stg_salesforce__campaign_member') }}

),

web_sources as (

    select * from {{ ref('int_person_web_source') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

source_mapping as (

    select
        source_mapping.*,
        {{ validity_moments('source_mapping') }}
    from {{ ref('source_mapping') }} as source_mapping
    cross join calendar

),

utm_mapping as (

    select * from {{ ref('utm_mapping') }}

),

this_run as (

    select * from {{ ref('run') }}

),

salesforce_records as (

    select
        'Lead' as object,
        lead_id as record_id,
        first_lead_source,
        coalesce(first_lead_source_at, created_at) as landed_at,
        created_at
    from leads

    union all

    select
        'Contact' as object,
        contact_id as record_id,
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
        contact_id as record_id,
        value,
        changed_at as stated_at
    from contact_property_history
    where property = 'hs_analytics_source'

    union all

    select
        'hubspot' as system,
        'contacts' as object,
        hubspot_contacts.contact_id as record_id,
        hubspot_contacts.analytics_source as value,
        hubspot_contacts.created_at as stated_at
    from hubspot_contacts
    left join contact_property_history
        on
            hubspot_contacts.contact_id = contact_property_history.contact_id
            and contact_property_history.property = 'hs_analytics_source'
    where contact_property_history.contact_id is null

    union all

    select
        'salesforce' as system,
        records.object,
        records.record_id,
        coalesce(firsts.value, records.first_lead_source) as value,
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
        stated.record_id,
        stated.value,
        coalesce(stated.stated_at, person_records.created_at) as stated_at,
        row_number() over (
            partition by person_records.person_id, stated.system
            order by
                coalesce(stated.stated_at, person_records.created_at),
                person_records.created_at,
                stated.record_id,
                stated.value
        ) as statement_rank
    from stated
    inner join person_records
        on
            stated.system = person_records.system
            and stated.object = person_records.object
            and stated.record_id = person_records.record_id
    cross join this_run
    where
        {{ given('stated.value') }} is not null
        and coalesce(stated.stated_at, person_records.created_at) <= this_run.as_of

),

first_hubspot as (

    select
        stated_by_person.person_id,
        stated_by_person.value,
        stated_by_person.stated_at,
        hubspot_contacts.analytics_source as value_now,
        hubspot_contacts.analytics_source_detail_1 as detail,
        upper(stated_by_person.value) = 'OFFLINE' as is_offline
    from stated_by_person
    inner join hubspot_contacts on stated_by_person.record_id = hubspot_contacts.contact_id
    where stated_by_person.system = 'hubspot' and stated_by_person.statement_rank = 1

),

first_salesforce as (

    select
        stated_by_person.person_id,
        stated_by_person.value,
        stated_by_person.stated_at,
        coalesce(leads.lead_source, contacts.lead_source) as value_now
    from stated_by_person
    left join leads on stated_by_person.record_id = leads.lead_id
    left join contacts on stated_by_person.record_id = contacts.contact_id
    where stated_by_person.system = 'salesforce' and stated_by_person.statement_rank = 1

),

utm_matches as (

    select
        web_sources.person_id,
        web_sources.seen_at,
        web_sources.medium || coalesce(' / ' || web_sources.utm_source, '') as value,
        utm_mapping.source,
        utm_mapping.channel,
        utm_mapping.team,
        row_number() over (
            partition by web_sources.person_id
            order by case when utm_mapping.utm_source is null then 1 else 0 end
        ) as match_rank
    from web_sources
    left join utm_mapping
        on
            web_sources.medium = lower(trim(utm_mapping.medium))
            and (
                utm_mapping.utm_source is null
                or web_sources.utm_source = lower(trim(utm_mapping.utm_source))
            )

),

people as (

    select
        person_id,
        min(created_at) as first_known_at
    from person_records
    group by 1

),

-- HubSpot's word first, unless it is OFFLINE or empty; a tagged page stands in where it is empty;
-- then Salesforce's; then the drill-down of OFFLINE.
chosen as (

    select
        people.person_id,
        people.first_known_at,
        case
            when not first_hubspot.is_offline then 'hubspot'
            when first_hubspot.value is null and utm_matches.source is not null then 'utm'
            when first_salesforce.value is not null then 'salesforce'
            when first_hubspot.is_offline then 'hubspot'
            when utm_matches.value is not null then 'utm'
            else 'none'
        end as said_by,
        first_hubspot.value as hubspot_value,
        first_hubspot.detail as hubspot_detail,
        first_hubspot.stated_at as hubspot_at,
        first_hubspot.value_now as hubspot_now,
        first_salesforce.value as salesforce_value,
        first_salesforce.stated_at as salesforce_at,
        first_salesforce.value_now as salesforce_now,
        utm_matches.value as utm_value,
        utm_matches.seen_at as utm_at,
        utm_matches.source as utm_source,
        utm_matches.channel as utm_channel,
        utm_matches.team as utm_team
    from people
    left join first_hubspot on people.person_id = first_hubspot.person_id
    left join first_salesforce on people.person_id = first_salesforce.person_id
    left join utm_matches
        on people.person_id = utm_matches.person_id and utm_matches.match_rank = 1

),

stamped as (

    select
        person_id,
        said_by,
        case said_by
            when 'hubspot' then hubspot_value
            when 'salesforce' then salesforce_value
            when 'utm' then utm_value
        end as raw_source,
        case said_by when 'hubspot' then hubspot_detail end as raw_detail,
        case said_by
            when 'hubspot' then hubspot_now
            when 'salesforce' then salesforce_now
            when 'utm' then utm_value
        end as raw_source_now,
        case said_by
            when 'hubspot' then hubspot_at
            when 'salesforce' then salesforce_at
            when 'utm' then utm_at
            else first_known_at
        end as first_sourced_at,
        case said_by
            when 'hubspot' then coalesce(hubspot_now <> hubspot_value, false)
            when 'salesforce' then coalesce(salesforce_now <> salesforce_value, false)
            else false
        end as is_drifted,
        utm_source,
        utm_channel,
        utm_team
    from chosen

),

-- A renamed source counts under the name that was valid when it was stamped; a line that names a
-- detail too comes before one that holds for all.
mapped as (

    select
        stamped.*,
        coalesce(special.source, general.source) as mapped_source,
        coalesce(special.channel, general.channel) as mapped_channel,
        coalesce(special.team, general.team) as mapped_team
    from stamped
    left join source_mapping as special
        on
            stamped.said_by = special.system
            and lower({{ trimmed('stamped.raw_source') }}) = lower(trim(special.value))
            and lower({{ trimmed('stamped.raw_detail') }}) = lower(trim(special.detail))
            and stamped.first_sourced_at >= special.starts_at
            and stamped.first_sourced_at < special.ends_at
    left join source_mapping as general
        on
            stamped.said_by = general.system
            and lower({{ trimmed('stamped.raw_source') }}) = lower(trim(general.value))
            and general.detail is null
            and stamped.first_sourced_at >= general.starts_at
            and stamped.first_sourced_at < general.ends_at

),

first_campaigns as (

    select
        person_records.person_id,
        campaign_members.campaign_id,
        row_number() over (
            partition by person_records.person_id
            order by campaign_members.created_at, campaign_members.campaign_member_id
        ) as campaign_rank
    from campaign_members
    inner join person_records
        on
            person_records.system = 'salesforce'
            and coalesce(campaign_members.lead_id, campaign_members.contact_id)
            = person_records.record_id
    cross join this_run
    where campaign_members.created_at <= this_run.as_of

),

named as (

    select
        mapped.person_id,
        case
            when mapped.said_by = 'none' then 'Not recorded'
            when mapped.said_by = 'utm' then coalesce(mapped.utm_source, 'Unmapped')
            else coalesce(mapped.mapped_source, 'Unmapped')
        end as source,
        case
            when mapped.said_by = 'none' then 'Not recorded'
            when mapped.said_by = 'utm' then coalesce(mapped.utm_channel, 'Unmapped')
            else coalesce(mapped.mapped_channel, 'Unmapped')
        end as channel,
        case
            when mapped.said_by = 'utm' then coalesce(mapped.utm_team, 'unknown')
            else coalesce(mapped.mapped_team, 'unknown')
        end as team,
        mapped.said_by,
        mapped.raw_source,
        mapped.raw_detail,
        mapped.first_sourced_at,
        mapped.is_drifted,
        mapped.raw_source_now,
        first_campaigns.campaign_id
    from mapped
    left join first_campaigns
        on mapped.person_id = first_campaigns.person_id and first_campaigns.campaign_rank = 1

)

select * from named
