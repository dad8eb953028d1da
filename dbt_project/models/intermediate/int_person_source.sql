-- The first source by which a person became known. It is read from history, so a later overwrite in
-- a CRM changes nothing here; `is_drifted` lists where the CRM now says something else.
-- One row for each time in which it was that: a system that is heard first when the others have
-- spoken counts from then on, and changes nothing of what was judged before.
with

tolerance as (

    -- One system makes and classifies its record some time after the other: not later than this.
    select 1 as days_until_late

),

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

first_statements as (

    select * from stated_by_person
    where statement_rank = 1

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

-- HubSpot's word first, unless it is OFFLINE or empty; a tagged page stands in where it is empty;
-- then Salesforce's; then the drill-down of OFFLINE.
words as (

    select
        statements.person_id,
        'hubspot' as said_by,
        case when upper(statements.value) = 'OFFLINE' then 4 else 1 end as preference,
        upper(statements.value) = 'OFFLINE' and drill_downs.source is null as is_last_resort,
        statements.value as raw_source,
        hubspot_contacts.analytics_source_detail_1 as raw_detail,
        hubspot_contacts.analytics_source as raw_source_now,
        statements.stated_at,
        cast(null as {{ dbt.type_string() }}) as utm_source,
        cast(null as {{ dbt.type_string() }}) as utm_channel,
        cast(null as {{ dbt.type_string() }}) as utm_team
    from first_statements as statements
    inner join hubspot_contacts on statements.record_id = hubspot_contacts.contact_id
    left join source_mapping as drill_downs
        on
            drill_downs.system = 'hubspot'
            and lower({{ trimmed('statements.value') }}) = lower(trim(drill_downs.value))
            and lower({{ trimmed('hubspot_contacts.analytics_source_detail_1') }})
            = lower(trim(drill_downs.detail))
            and statements.stated_at >= drill_downs.starts_at
            and statements.stated_at < drill_downs.ends_at
    where statements.system = 'hubspot'

    union all

    select
        statements.person_id,
        'salesforce' as said_by,
        3 as preference,
        false as is_last_resort,
        statements.value as raw_source,
        cast(null as {{ dbt.type_string() }}) as raw_detail,
        coalesce(leads.lead_source, contacts.lead_source) as raw_source_now,
        statements.stated_at,
        cast(null as {{ dbt.type_string() }}) as utm_source,
        cast(null as {{ dbt.type_string() }}) as utm_channel,
        cast(null as {{ dbt.type_string() }}) as utm_team
    from first_statements as statements
    left join leads on statements.record_id = leads.lead_id
    left join contacts on statements.record_id = contacts.contact_id
    where statements.system = 'salesforce'

    union all

    select
        utm_matches.person_id,
        'utm' as said_by,
        case
            when utm_matches.source is not null and statements.person_id is null then 2
            else 5
        end as preference,
        utm_matches.source is null or statements.person_id is not null as is_last_resort,
        utm_matches.value as raw_source,
        cast(null as {{ dbt.type_string() }}) as raw_detail,
        utm_matches.value as raw_source_now,
        utm_matches.seen_at as stated_at,
        utm_matches.source as utm_source,
        utm_matches.channel as utm_channel,
        utm_matches.team as utm_team
    from utm_matches
    left join first_statements as statements
        on
            utm_matches.person_id = statements.person_id
            and statements.system = 'hubspot'
            and upper(statements.value) = 'OFFLINE'
    where utm_matches.match_rank = 1

),

dated as (

    select
        words.*,
        {{ dbt.dateadd('day', '-1 * tolerance.days_until_late', 'words.stated_at') }} as said_from
    from words
    cross join tolerance

),

-- Since when a better word counts, and any. What tells nothing is a last resort: it counts where
-- nothing better is ever said.
compared as (

    select
        dated.*,
        min(said_from) over (
            partition by person_id
            order by preference
            rows between unbounded preceding and 1 preceding
        ) as outdone_from,
        min(case when not is_last_resort then said_from end) over (
            partition by person_id
        ) as first_said_from
    from dated

),

people as (

    select
        person_id,
        min(created_at) as first_known_at
    from person_records
    group by 1

),

-- What was said first holds of all that was before it, too.
stamped as (

    select
        people.person_id,
        coalesce(compared.said_by, 'none') as said_by,
        compared.raw_source,
        compared.raw_detail,
        compared.raw_source_now,
        coalesce(compared.stated_at, people.first_known_at) as first_sourced_at,
        coalesce(compared.raw_source_now <> compared.raw_source, false) as is_drifted,
        case when compared.said_from > compared.first_said_from then compared.said_from end
            as valid_from,
        compared.outdone_from as valid_to,
        compared.utm_source,
        compared.utm_channel,
        compared.utm_team
    from people
    left join compared
        on people.person_id = compared.person_id
            and (
                compared.outdone_from is null
                or (
                    not compared.is_last_resort
                    and compared.said_from < compared.outdone_from
                )
            )

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
        campaign_members.created_at as campaign_at,
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
        mapped.valid_from,
        mapped.valid_to,
        first_campaigns.campaign_id,
        first_campaigns.campaign_at
    from mapped
    left join first_campaigns
        on mapped.person_id = first_campaigns.person_id and first_campaigns.campaign_rank = 1

)

select * from named
