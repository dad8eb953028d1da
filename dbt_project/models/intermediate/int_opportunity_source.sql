-- One row per opportunity: its own first known source, through the shared mapping. Whether it or
-- the episode that led to the opportunity counts is decided by the definition pipeline_source.
with

tolerance as (

    -- Automation and sync may fill in the source of a new deal within this time.
    select 1 as days_until_late

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

source_values as (

    select * from {{ ref('source_mapping') }}

),

-- What was said only after a deal had entered pipeline would move the sources of closed quarters.
given as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        {{ reporting_date('opportunities.created_at', 'calendar.reporting_time_zone') }}
            as given_on,
        {{ given('opportunities.raw_source') }} as first_source,
        coalesce(
            opportunities.source_given_at > {{
                dbt.dateadd('day', 'tolerance.days_until_late', 'progress.accepted_at')
            }},
            false
        ) as is_late,
        opportunities.raw_source_now
    from opportunities
    cross join calendar
    cross join tolerance
    left join progress on opportunities.opportunity_id = progress.opportunity_id

),

stamped as (

    select
        opportunity_id,
        system,
        given_on,
        case when not is_late then first_source end as raw_source,
        coalesce(first_source is not null and (is_late or first_source <> raw_source_now), false)
            as is_drifted
    from given

),

-- A renamed source counts under the name that was valid when the opportunity was created. An
-- opportunity has no drill-down, so only rows without one apply.
mapped as (

    select
        stamped.*,
        source_values.source,
        source_values.channel,
        source_values.team
    from stamped
    left join source_values
        on stamped.system = source_values.system
            and lower(stamped.raw_source) = lower(trim(source_values.value))
            and source_values.detail is null
            and stamped.given_on >= coalesce(source_values.valid_from, cast('0001-01-01' as date))
            and stamped.given_on < coalesce(source_values.valid_to, cast('9999-12-31' as date))

),

named as (

    select
        opportunity_id,
        system,
        raw_source,
        given_on,
        case
            when raw_source is null then 'Not recorded'
            else coalesce(source, 'Unmapped')
        end as source,
        case
            when raw_source is null then 'Not recorded'
            else coalesce(channel, 'Unmapped')
        end as channel,
        coalesce(team, 'unknown') as team,
        is_drifted
    from mapped

)

select * from named
