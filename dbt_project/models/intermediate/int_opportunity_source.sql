-- One row per opportunity: its own first known source, through the shared mapping. Whether it or
-- the episode that led to the opportunity counts is decided by the definition pipeline_source.
with

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

source_values as (

    select * from {{ ref('source_mapping') }}

),

given as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        {{ reporting_date('opportunities.created_at', 'calendar.reporting_time_zone') }}
            as given_on,
        case
            when lower(opportunities.raw_source) in ('undefined', 'null', '(not set)') then null
            else opportunities.raw_source
        end as raw_source,
        coalesce(opportunities.raw_source <> opportunities.raw_source_now, false) as is_drifted
    from opportunities
    cross join calendar

),

-- A renamed source counts under the name that was valid when the opportunity was created. An
-- opportunity has no drill-down, so only rows without one apply.
mapped as (

    select
        given.*,
        source_values.source,
        source_values.channel,
        source_values.team
    from given
    left join source_values
        on given.system = source_values.system
            and lower(given.raw_source) = lower(trim(source_values.value))
            and source_values.detail is null
            and given.given_on >= coalesce(source_values.valid_from, cast('0001-01-01' as date))
            and given.given_on < coalesce(source_values.valid_to, cast('9999-12-31' as date))

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
