-- Lost opportunities by category, one row per thing that `int_breakdown_fact` counts: why, to whom,
-- and at which stage. Unqualified and removed ones were never lost and are not here.
with

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

wins as (

    select * from {{ ref('win') }}
    where outcome = 'lost'

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

-- The last stage in which it still was alive.
last_stages as (

    select
        stage_events.opportunity_id,
        stage_events.stage_label,
        stage_events.stage_rank,
        row_number() over (
            partition by stage_events.opportunity_id
            order by stage_events.sequence desc
        ) as number_from_last
    from stage_events
    inner join wins
        on stage_events.opportunity_id = wins.opportunity_id
            and stage_events.entered_at <= wins.closed_at
    where stage_events.kind in ('accepted', 'not_accepted')

),

lost as (

    select
        opportunities.opportunity_id,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on,
        coalesce(wins.loss_reason, 'No reason given') as loss_reason,
        coalesce(wins.competitor, 'None noted') as competitor,
        coalesce(last_stages.stage_label, 'Not recorded') as stage,
        coalesce(last_stages.stage_rank, 1000) as stage_rank,
        {{ icp_tier_label('opportunities.icp_fit', 'opportunities.icp_tier') }} as tier,
        {{ icp_tier_rank('opportunities.icp_fit', 'opportunities.icp_tier') }} as tier_rank,
        opportunities.segment,
        opportunities.region,
        pipeline_sources.source,
        coalesce(wins.amount_reporting, 0) as amount
    from opportunities
    cross join calendar
    inner join wins on opportunities.opportunity_id = wins.opportunity_id
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join last_stages
        on opportunities.opportunity_id = last_stages.opportunity_id
            and last_stages.number_from_last = 1

),

-- What is counted, under which name, in which order of its own, and how much each deal adds.
{% set counted = [
    ('loss_reason', 'loss_reason', 'null', '1'),
    ('loss_amount', 'loss_reason', 'null', 'amount'),
    ('loss_competitor', 'competitor', 'null', '1'),
    ('loss_stage', 'stage', 'stage_rank', '1'),
    ('loss_tier', 'tier', 'tier_rank', '1'),
] %}

facts as (

    {% for breakdown, category, category_rank, numerator in counted %}
        select
            '{{ breakdown }}' as breakdown,
            {{ category }} as category,
            {{ category_rank }} as category_rank,
            {{ numerator }} as numerator,
            lost.*
        from lost
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    breakdown,
    opportunity_id as subject_id,
    category,
    cast(category_rank as bigint) as category_rank,
    closed_on as occurred_on,
    segment,
    region,
    source,
    cast(numerator as numeric(28, 6)) as numerator,
    cast(null as numeric(28, 6)) as denominator,
    cast(null as bigint) as duration_days
from facts
