-- noqa: disable=LT05,ST09
-- The agreed ICP along the way, summed as in `int_breakdown_fact`: the share in fit and the share
-- that cannot be judged at each stage, win rate and cycle by fit and tier, who of the buying
-- committee is known, and what happened before the first conversation. Fit is that of the event.

with

calendar as (

    select * from {{ ref('calendar') }}

),

attempts as (

    select * from {{ ref('mql') }}

),

acceptances as (

    select * from {{ ref('sal') }}

),

follow_ups as (

    select * from {{ ref('follow_up') }}

),

wins as (

    select * from {{ ref('win') }}

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

touches as (

    select * from {{ ref('int_touch') }}

),

trigger_events as (

    select * from {{ ref('trigger_event') }}

),

opportunities as (

    select
        opportunities.*,
        pipeline_sources.source,
        wins.outcome,
        wins.cycle_days,
        wins.closed_at,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on
    from {{ ref('opportunity') }} as opportunities
    cross join calendar
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins
        on opportunities.opportunity_id = wins.opportunity_id
    where opportunities.is_pipeline

),

reached as (

    select
        'Showed interest' as stage,
        1 as stage_rank,
        opened_at as occurred_at,
        icp_fit,
        segment,
        region,
        source
    from attempts

    union all

    select
        'MQL' as stage,
        2 as stage_rank,
        mql_at as occurred_at,
        icp_fit,
        segment,
        region,
        source
    from attempts
    where is_mql

    union all

    select
        'SAL' as stage,
        3 as stage_rank,
        acceptances.accepted_at as occurred_at,
        attempts.icp_fit,
        attempts.segment,
        attempts.region,
        attempts.source
    from attempts
    inner join acceptances
        on attempts.episode_id = acceptances.episode_id
            and acceptances.outcome = 'accepted'

    union all

    select
        'Opportunity' as stage,
        4 as stage_rank,
        pipeline_at as occurred_at,
        icp_fit,
        segment,
        region,
        source
    from opportunities

    union all

    select
        'Won' as stage,
        5 as stage_rank,
        closed_at as occurred_at,
        icp_fit,
        segment,
        region,
        source
    from opportunities
    where outcome = 'won'

),

stages as (

    select
        reached.*,
        {{ reporting_date('reached.occurred_at', 'calendar.reporting_time_zone') }} as occurred_on
    from reached
    cross join calendar

),

committee_roles as (

    select
        1 as role_rank,
        'economic_buyer' as buying_role
    union all
    select
        2 as role_rank,
        'champion' as buying_role
    union all
    select
        3 as role_rank,
        'technical_evaluator' as buying_role
    union all
    select
        4 as role_rank,
        'user' as buying_role

),

-- The first answer of a person in sales is the first conversation.
talks as (

    select
        attempts.episode_id,
        attempts.person_id,
        follow_ups.responded_at as talked_at,
        {{ reporting_date('follow_ups.responded_at', 'calendar.reporting_time_zone') }}
            as talked_on,
        attempts.segment,
        attempts.region,
        attempts.source
    from attempts
    cross join calendar
    inner join follow_ups on attempts.episode_id = follow_ups.episode_id
    where follow_ups.responded_at is not null

),

event_names as (

    select distinct trigger_event
    from trigger_events

),

seen_events as (

    select distinct
        talks.episode_id,
        trigger_events.trigger_event
    from talks
    inner join touches on talks.person_id = touches.person_id
    inner join trigger_events
        on touches.kind = trigger_events.kind
            and (
                trigger_events.value is null
                or lower(touches.value) = lower(trigger_events.value)
            )
            and touches.touched_at < talks.talked_at
            and touches.touched_at
            >= {{ dbt.dateadd('day', '-1 * trigger_events.window_days', 'talks.talked_at') }}

),

facts as (

    select
        'fit_share' as breakdown,
        stage as category,
        stage_rank as category_rank,
        occurred_on,
        segment,
        region,
        source,
        case when icp_fit = 'fit' then 1 else 0 end as numerator,
        1 as denominator,
        cast(null as varchar) as measured_id,
        null as duration_days
    from stages

    union all

    select
        'fit_unknown' as breakdown,
        stage as category,
        stage_rank as category_rank,
        occurred_on,
        segment,
        region,
        source,
        case when icp_fit in ('fit', 'not_fit') then 0 else 1 end as numerator,
        1 as denominator,
        null as measured_id,
        null as duration_days
    from stages

    union all

    select
        'win_rate_by_fit' as breakdown,
        {{ icp_tier_label('icp_fit', 'icp_tier') }} as category,
        {{ icp_tier_rank('icp_fit', 'icp_tier') }} as category_rank,
        closed_on as occurred_on,
        segment,
        region,
        source,
        case when outcome = 'won' then 1 else 0 end as numerator,
        1 as denominator,
        null as measured_id,
        null as duration_days
    from opportunities
    where outcome in ('won', 'lost')

    union all

    select
        'cycle_by_fit' as breakdown,
        {{ icp_tier_label('icp_fit', 'icp_tier') }} as category,
        {{ icp_tier_rank('icp_fit', 'icp_tier') }} as category_rank,
        closed_on as occurred_on,
        segment,
        region,
        source,
        null as numerator,
        null as denominator,
        opportunity_id as measured_id,
        cycle_days as duration_days
    from opportunities
    where outcome = 'won' and cycle_days is not null

    union all

    select
        'pipeline_by_fit' as breakdown,
        {{ icp_tier_label('icp_fit', 'icp_tier') }} as category,
        {{ icp_tier_rank('icp_fit', 'icp_tier') }} as category_rank,
        pipeline_on as occurred_on,
        segment,
        region,
        source,
        coalesce(amount_reporting, 0) as numerator,
        null as denominator,
        null as measured_id,
        null as duration_days
    from opportunities

    union all

    select
        'committee_coverage' as breakdown,
        committee_roles.buying_role as category,
        committee_roles.role_rank as category_rank,
        opportunities.pipeline_on as occurred_on,
        opportunities.segment,
        opportunities.region,
        opportunities.source,
        case
            when ',' || opportunities.committee_roles || ','
                like '%,' || committee_roles.buying_role || ',%' then 1
            else 0
        end as numerator,
        1 as denominator,
        null as measured_id,
        null as duration_days
    from opportunities
    cross join committee_roles

    union all

    select
        'trigger_event' as breakdown,
        event_names.trigger_event as category,
        null as category_rank,
        talks.talked_on as occurred_on,
        talks.segment,
        talks.region,
        talks.source,
        case when seen_events.episode_id is not null then 1 else 0 end as numerator,
        1 as denominator,
        null as measured_id,
        null as duration_days
    from talks
    cross join event_names
    left join seen_events
        on talks.episode_id = seen_events.episode_id
            and event_names.trigger_event = seen_events.trigger_event

)

select
    breakdown,
    category,
    cast(category_rank as bigint) as category_rank,
    occurred_on,
    segment,
    region,
    source,
    measured_id,
    cast(duration_days as bigint) as duration_days,
    cast(sum(numerator) as numeric(28, 6)) as numerator,
    cast(sum(denominator) as numeric(28, 6)) as denominator,
    count(*) as records
from facts
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
