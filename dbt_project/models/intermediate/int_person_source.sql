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

statements as (

    select * from {{ ref('int_source_statement') }}

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

    select
        utm_mapping.*,
        {{ validity_moments('utm_mapping') }}
    from {{ ref('utm_mapping') }} as utm_mapping
    cross join calendar

),

this_run as (

    select * from {{ ref('run') }}

),

-- A renamed source counts under the name that was valid when it was said; a line that names a
-- detail too comes before one that holds for all.
mapped as (

    select
        statements.*,
        statements.system = 'hubspot' and upper(statements.raw_source) = 'OFFLINE' as is_offline,
        special.source is not null as is_drilled_down,
        coalesce(special.source, general.source) as source,
        coalesce(special.channel, general.channel) as channel,
        coalesce(special.team, general.team) as team
    from statements
    left join source_mapping as special
        on
            statements.system = special.system
            and lower({{ trimmed('statements.raw_source') }}) = lower(trim(special.value))
            and lower({{ trimmed('statements.raw_detail') }}) = lower(trim(special.detail))
            and statements.stated_at >= special.starts_at
            and statements.stated_at < special.ends_at
    left join source_mapping as general
        on
            statements.system = general.system
            and lower({{ trimmed('statements.raw_source') }}) = lower(trim(general.value))
            and general.detail is null
            and statements.stated_at >= general.starts_at
            and statements.stated_at < general.ends_at

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
            and web_sources.seen_at >= utm_mapping.starts_at
            and web_sources.seen_at < utm_mapping.ends_at

),

-- HubSpot's word first, unless it is OFFLINE or empty; a tagged page stands in where it is empty;
-- then Salesforce's; then the drill-down of OFFLINE.
words as (

    select
        person_id,
        system as said_by,
        case
            when is_offline then 4
            when system = 'hubspot' then 1
            else 3
        end as preference,
        is_offline and not is_drilled_down as is_last_resort,
        raw_source,
        raw_detail,
        raw_source_now,
        stated_at,
        source,
        channel,
        team
    from mapped

    union all

    select
        utm_matches.person_id,
        'utm' as said_by,
        case
            when utm_matches.source is not null and offline.person_id is null then 2
            else 5
        end as preference,
        utm_matches.source is null or offline.person_id is not null as is_last_resort,
        utm_matches.value as raw_source,
        cast(null as {{ dbt.type_string() }}) as raw_detail,
        utm_matches.value as raw_source_now,
        utm_matches.seen_at as stated_at,
        utm_matches.source,
        utm_matches.channel,
        utm_matches.team
    from utm_matches
    left join mapped as offline
        on utm_matches.person_id = offline.person_id and offline.is_offline
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

-- What was said first holds of all that was before it, too.
named as (

    select
        people.person_id,
        case
            when compared.person_id is null then 'Not recorded'
            else coalesce(compared.source, 'Unmapped')
        end as source,
        case
            when compared.person_id is null then 'Not recorded'
            else coalesce(compared.channel, 'Unmapped')
        end as channel,
        coalesce(compared.team, 'unknown') as team,
        coalesce(compared.said_by, 'none') as said_by,
        compared.raw_source,
        compared.raw_detail,
        coalesce(compared.stated_at, people.first_known_at) as first_sourced_at,
        coalesce(compared.raw_source_now <> compared.raw_source, false) as is_drifted,
        compared.raw_source_now,
        case when compared.said_from > compared.first_said_from then compared.said_from end
            as valid_from,
        compared.outdone_from as valid_to,
        first_campaigns.campaign_id,
        first_campaigns.campaign_at
    from people
    left join compared
        on
            people.person_id = compared.person_id
            and (
                compared.outdone_from is null
                or (
                    not compared.is_last_resort
                    and compared.said_from < compared.outdone_from
                )
            )
    left join first_campaigns
        on people.person_id = first_campaigns.person_id and first_campaigns.campaign_rank = 1

)

select * from named
