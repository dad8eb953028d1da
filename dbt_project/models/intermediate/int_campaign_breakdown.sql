-- Pipeline created and won amounts by the campaign of the episode that led to the opportunity.
-- An opportunity without an episode, or whose episode had no campaign, is `No campaign`.
with

calendar as (

    select * from {{ ref('calendar') }}

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

episodes as (

    select * from {{ ref('mql') }}

),

campaigns as (

    select * from {{ ref('int_campaign') }}

),

deals as (

    select
        opportunities.opportunity_id as subject_id,
        case
            when episodes.campaign_id is null then 'No campaign'
            else coalesce(campaigns.campaign_name, 'Campaign no longer in the CRM')
        end as category,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on,
        wins.outcome,
        opportunities.segment,
        opportunities.region,
        pipeline_sources.source,
        coalesce(pipeline_sources.amount, 0) as amount,
        coalesce(wins.amount_reporting, 0) as closed_amount
    from opportunities
    cross join calendar
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins
        on opportunities.opportunity_id = wins.opportunity_id
    left join episodes
        on opportunities.episode_id = episodes.episode_id
    left join campaigns
        on episodes.campaign_id = campaigns.campaign_id

),

facts as (

    select
        'campaign_pipeline' as breakdown,
        subject_id,
        category,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        amount as numerator
    from deals

    union all

    select
        'campaign_won' as breakdown,
        subject_id,
        category,
        closed_on as occurred_on,
        segment,
        region,
        source,
        closed_amount as numerator
    from deals
    where outcome = 'won'

)

select
    breakdown,
    subject_id,
    category,
    cast(null as bigint) as category_rank,
    occurred_on,
    segment,
    region,
    source,
    numerator,
    cast(null as numeric(28, 6)) as denominator,
    cast(null as bigint) as duration_days
from facts
