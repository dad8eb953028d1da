-- How far each MQL has come until the run, one row an MQL: when it was accepted, became pipeline
-- and was won, with the amounts. Rejection competes with acceptance: an MQL that was turned down
-- stays among those that could have converted.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

acceptances as (

    select * from {{ ref('sal') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

wins as (

    select * from {{ ref('win') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

-- Several opportunities of one MQL are one row; the first of each kind gives the moment.
deals as (

    select
        opportunities.episode_id,
        min(opportunities.pipeline_at) as pipeline_at,
        min(case when wins.outcome = 'won' then wins.closed_at end) as won_at,
        max(case when wins.outcome = 'open' then 1 else 0 end) as has_open_deal,
        count(*) as opportunities,
        sum(case when wins.outcome = 'won' then 1 else 0 end) as won_deals,
        sum(coalesce(pipeline_sources.amount, 0)) as pipeline_amount,
        sum(case when wins.outcome = 'won' then coalesce(wins.amount_reporting, 0) else 0 end)
            as won_amount
    from opportunities
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins on opportunities.opportunity_id = wins.opportunity_id
    where opportunities.episode_id is not null
    group by 1

),

progress as (

    select
        mqls.episode_id,
        mqls.mql_at,
        {{ reporting_date('mqls.mql_at', 'calendar.reporting_time_zone') }} as mql_on,
        acceptances.outcome,
        acceptances.accepted_at,
        -- A deal may be older than the MQL that it is linked to; nothing converts before it began.
        case
            when deals.pipeline_at < mqls.mql_at then mqls.mql_at else deals.pipeline_at
        end as pipeline_at,
        case when deals.won_at < mqls.mql_at then mqls.mql_at else deals.won_at end as won_at,
        coalesce(deals.has_open_deal, 0) = 1 as has_open_deal,
        coalesce(deals.opportunities, 0) as opportunities,
        coalesce(deals.won_deals, 0) as won_deals,
        coalesce(deals.pipeline_amount, 0) as pipeline_amount,
        coalesce(deals.won_amount, 0) as won_amount,
        coalesce(mqls.segment, 'Unknown') as segment,
        coalesce(mqls.region, 'Unknown') as region,
        coalesce(shown_sources.shown_source, 'Unknown') as source,
        run.as_of
    from mqls
    cross join calendar
    cross join run
    left join acceptances on mqls.episode_id = acceptances.episode_id
    left join deals on mqls.episode_id = deals.episode_id
    left join shown_sources on mqls.source = shown_sources.source

)

select * from progress
