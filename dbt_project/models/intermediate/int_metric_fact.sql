-- One row per thing that a metric counts, on the day (reporting zone) to which it belongs.
-- The metrics on the pages are sums and medians of these rows, and nothing else.
--
-- numerator / denominator: what the row adds to either; denominator is null when the metric is a
-- count or an amount. duration_days: for medians; business minutes for the clocks of the hand-over.
-- A null dimension is `Unknown` here, since null would mean `All` after the cube.
with

calendar as (

    select * from {{ ref('calendar') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

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

-- Opportunities on which marketing had an answer; they overlap with other teams'.
influenced as (

    select distinct opportunity_id
    from {{ ref('pipeline_influence') }}
    where team = 'marketing' and kind = 'influenced'

),

accelerated as (

    select distinct opportunity_id
    from {{ ref('pipeline_influence') }}
    where team = 'marketing' and kind = 'accelerated'

),

episodes as (

    select * from {{ ref('mql') }}
    where is_mql

),

acceptances as (

    select * from {{ ref('sal') }}

),

follow_ups as (

    select * from {{ ref('follow_up') }}

),

obligations as (

    select * from {{ ref('int_obligation_fact') }}

),

pipeline as (

    select
        opportunities.opportunity_id,
        opportunities.episode_id,
        opportunities.is_amount_missing or opportunities.is_rate_missing as is_without_amount,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on,
        wins.outcome,
        wins.cycle_days,
        wins.days_from_mql,
        coalesce(pipeline_sources.amount, 0) as amount,
        coalesce(wins.amount_reporting, 0) as closed_amount,
        pipeline_sources.team,
        influenced.opportunity_id is not null as is_influenced,
        accelerated.opportunity_id is not null as is_accelerated,
        opportunities.icp_fit,
        coalesce(opportunities.segment, 'Unknown') as segment,
        coalesce(opportunities.region, 'Unknown') as region,
        coalesce(pipeline_sources.source, 'Unknown') as source
    from opportunities
    cross join calendar
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins
        on opportunities.opportunity_id = wins.opportunity_id
    left join influenced
        on opportunities.opportunity_id = influenced.opportunity_id
    left join accelerated
        on opportunities.opportunity_id = accelerated.opportunity_id

),

-- An episode is won when an opportunity that it led to is won; one episode counts once.
won_episodes as (

    select distinct episode_id
    from pipeline
    where outcome = 'won' and episode_id is not null

),

qualified as (

    select
        episodes.episode_id,
        {{ reporting_date('episodes.mql_at', 'calendar.reporting_time_zone') }} as mql_on,
        acceptances.outcome,
        follow_ups.status as follow_up,
        follow_ups.business_minutes,
        follow_ups.routing_minutes,
        follow_ups.working_minutes,
        case when won_episodes.episode_id is not null then 1 else 0 end as is_won,
        coalesce(episodes.segment, 'Unknown') as segment,
        coalesce(episodes.region, 'Unknown') as region,
        coalesce(episodes.source, 'Unknown') as source
    from episodes
    cross join calendar
    left join acceptances
        on episodes.episode_id = acceptances.episode_id
    left join follow_ups
        on episodes.episode_id = follow_ups.episode_id
    left join won_episodes
        on episodes.episode_id = won_episodes.episode_id

),

facts as (

    select
        'pipeline_created' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        amount as numerator,
        cast(null as numeric(28, 6)) as denominator,
        cast(null as bigint) as duration_days
    from pipeline

    union all

    select
        'opportunities_created' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator,
        null as duration_days
    from pipeline

    union all

    select
        'amount_missing' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator,
        null as duration_days
    from pipeline
    where is_without_amount

    union all

    select
        'marketing_sourced_share' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when team = 'marketing' then amount else 0 end as numerator,
        amount as denominator,
        null as duration_days
    from pipeline

    union all

    select
        'marketing_influenced_share' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when is_influenced then amount else 0 end as numerator,
        amount as denominator,
        null as duration_days
    from pipeline

    union all

    select
        'marketing_accelerated_share' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when is_accelerated then amount else 0 end as numerator,
        amount as denominator,
        null as duration_days
    from pipeline

    union all

    select
        'cohort_win_rate' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when outcome = 'won' then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from pipeline
    where outcome in ('won', 'lost', 'open')

    union all

    select
        'cohort_win_rate_at_most' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when outcome in ('won', 'open') then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from pipeline
    where outcome in ('won', 'lost', 'open')

    union all

    select
        'cohort_resolved' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when outcome in ('won', 'lost') then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from pipeline
    where outcome in ('won', 'lost', 'open')

    union all

    select
        'cycle_length_lost' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        cycle_days as duration_days
    from pipeline
    where outcome = 'lost' and cycle_days is not null

    union all

    select
        'win_rate' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        case when outcome = 'won' then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from pipeline
    where outcome in ('won', 'lost')

    union all

    select
        'lost' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator,
        null as duration_days
    from pipeline
    where outcome = 'lost'

    union all

    select
        'lost_amount' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        closed_amount as numerator,
        null as denominator,
        null as duration_days
    from pipeline
    where outcome = 'lost'

    union all

    select
        'icp_share' as metric,
        opportunity_id as subject_id,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        case when icp_fit = 'fit' then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from pipeline

    union all

    select
        'won' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator,
        null as duration_days
    from pipeline
    where outcome = 'won'

    union all

    select
        'won_amount' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        closed_amount as numerator,
        null as denominator,
        null as duration_days
    from pipeline
    where outcome = 'won'

    union all

    select
        'cycle_length' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        cycle_days as duration_days
    from pipeline
    where outcome = 'won' and cycle_days is not null

    union all

    select
        'days_from_mql' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        days_from_mql as duration_days
    from pipeline
    where outcome = 'won' and days_from_mql is not null

    union all

    select
        'mqls' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator,
        null as duration_days
    from qualified

    union all

    select
        'mql_to_won' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        is_won as numerator,
        1 as denominator,
        null as duration_days
    from qualified

    union all

    select
        'sales_acceptance' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        case when outcome = 'accepted' then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from qualified
    where outcome in ('accepted', 'rejected', 'recycled', 'disqualified', 'overdue')

    union all

    select
        'sla_met' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        case when follow_up = 'met' then 1 else 0 end as numerator,
        1 as denominator,
        null as duration_days
    from qualified
    where follow_up in ('met', 'breached')

    union all

    select
        'response_minutes' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        business_minutes as duration_days
    from qualified
    where business_minutes is not null

    union all

    select
        'routing_minutes' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        routing_minutes as duration_days
    from qualified
    where routing_minutes is not null

    union all

    select
        'working_minutes' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        working_minutes as duration_days
    from qualified
    where working_minutes is not null

    union all

    select
        metric,
        subject_id,
        occurred_on,
        segment,
        region,
        source,
        numerator,
        denominator,
        null as duration_days
    from obligations

)

select
    facts.metric,
    facts.subject_id,
    facts.occurred_on,
    facts.segment,
    facts.region,
    coalesce(shown_sources.shown_source, 'Unknown') as source,
    cast(facts.numerator as numeric(28, 6)) as numerator,
    cast(facts.denominator as numeric(28, 6)) as denominator,
    cast(facts.duration_days as bigint) as duration_days
from facts
left join shown_sources
    on facts.source = shown_sources.source
where facts.occurred_on is not null
