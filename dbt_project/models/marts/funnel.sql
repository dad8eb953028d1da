-- noqa: disable=AM06
-- How far the people first known in a period have come so far: by furthest stage, with those who
-- are still undecided, for each choice of segment, region and source (`All` included).
-- Who was excluded when they became known, or is deleted, is not in it; `exclusion_ledger` counts
-- them.
with

calendar as (

    select * from {{ ref('calendar') }}

),

leads as (

    select * from {{ ref('lead') }}

),

left_out as (

    select * from {{ ref('int_person_exclusion') }}

),

icp as (

    select * from {{ ref('icp') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

acceptances as (

    select * from {{ ref('sal') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

wins as (

    select * from {{ ref('win') }}

),

periods as (

    select * from {{ ref('period') }}
    where compare = 'current'

),

-- Firmographics when the person became known, else the first ones known later.
firmographics as (

    select
        leads.person_id,
        icp.segment,
        icp.region,
        row_number() over (
            partition by leads.person_id
            order by
                case
                    when leads.first_known_at >= icp.valid_from
                        and leads.first_known_at < coalesce(icp.valid_to, {{ far_future() }})
                        then 0
                    else 1
                end,
                icp.valid_from
        ) as preference
    from leads
    inner join icp
        on leads.account_id = icp.account_id

),

episode_steps as (

    select
        episodes.person_id,
        max(case when episodes.is_mql then 1 else 0 end) as is_mql,
        max(case when acceptances.outcome = 'accepted' then 1 else 0 end) as is_sal,
        max(case when episodes.closed_at is null and not episodes.is_mql then 1 else 0 end)
            as is_open,
        max(case when acceptances.outcome in ('pending', 'overdue') then 1 else 0 end)
            as is_awaiting_sales,
        max(
            case when acceptances.outcome = 'accepted' and episodes.closed_at is null then 1 else 0
            end
        ) as is_being_worked
    from episodes
    left join acceptances
        on episodes.episode_id = acceptances.episode_id
    group by 1

),

opportunity_people as (

    select
        roles.person_id,
        roles.opportunity_id
    from roles
    -- Others on the buying committee were added to a deal; they did not come this way.
    where roles.person_id is not null and roles.link = 'converted_lead'

    union

    select
        episodes.person_id,
        opportunities.opportunity_id
    from opportunities
    inner join episodes
        on opportunities.episode_id = episodes.episode_id

),

opportunity_steps as (

    select
        opportunity_people.person_id,
        max(case when wins.outcome = 'won' then 1 else 0 end) as is_won,
        max(case when wins.outcome = 'open' then 1 else 0 end) as is_open
    from opportunity_people
    inner join opportunities
        on opportunity_people.opportunity_id = opportunities.opportunity_id
    left join wins
        on opportunities.opportunity_id = wins.opportunity_id
    group by 1

),

people as (

    select
        leads.person_id,
        {{ reporting_date('leads.first_known_at', 'calendar.reporting_time_zone') }} as known_on,
        coalesce(firmographics.segment, 'Unknown') as segment,
        coalesce(firmographics.region, 'Unknown') as region,
        shown_sources.shown_source as source,
        case
            when opportunity_steps.is_won = 1 then 5
            when opportunity_steps.person_id is not null then 4
            when episode_steps.is_sal = 1 then 3
            when episode_steps.is_mql = 1 then 2
            else 1
        end as furthest,
        case
            when opportunity_steps.is_won = 1 then 0
            when opportunity_steps.person_id is not null then opportunity_steps.is_open
            when episode_steps.is_sal = 1 then episode_steps.is_being_worked
            when episode_steps.is_mql = 1 then episode_steps.is_awaiting_sales
            else coalesce(episode_steps.is_open, 0)
        end as is_undecided,
        coalesce(episode_steps.is_mql, 0) as is_mql,
        coalesce(episode_steps.is_sal, 0) as is_sal
    from leads
    cross join calendar
    inner join shown_sources
        on coalesce(leads.first_source, 'Unknown') = shown_sources.source
    left join firmographics
        on leads.person_id = firmographics.person_id
            and firmographics.preference = 1
    left join episode_steps
        on leads.person_id = episode_steps.person_id
    left join opportunity_steps
        on leads.person_id = opportunity_steps.person_id
    left join left_out
        on leads.person_id = left_out.person_id
    where left_out.person_id is null

),

daily as (

    select
        known_on,
        segment,
        region,
        source,
        furthest,
        sum(is_undecided) as undecided,
        sum(case when furthest >= 2 and is_mql = 0 then 1 else 0 end) as without_mql,
        sum(case when furthest >= 3 and is_sal = 0 then 1 else 0 end) as without_sal,
        count(*) as people
    from people
    group by 1, 2, 3, 4, 5

),

stages as (

    select
        1 as stage_rank,
        'lead' as stage
    union all
    select
        2 as stage_rank,
        'mql' as stage
    union all
    select
        3 as stage_rank,
        'sal' as stage
    union all
    select
        4 as stage_rank,
        'opportunity' as stage
    union all
    select
        5 as stage_rank,
        'won' as stage

),

cubed as (

    select
        periods.period,
        coalesce(daily.segment, 'All') as segment,
        coalesce(daily.region, 'All') as region,
        coalesce(daily.source, 'All') as source,
        stages.stage,
        stages.stage_rank,
        sum(case when daily.furthest >= stages.stage_rank then daily.people else 0 end) as reached,
        sum(case when daily.furthest = stages.stage_rank - 1 then daily.undecided else 0 end)
            as undecided,
        sum(
            case
                when daily.furthest < stages.stage_rank then 0
                when stages.stage = 'mql' then daily.without_mql
                when stages.stage = 'sal' then daily.without_sal
                else 0
            end
        ) as skipped
    from daily
    inner join periods
        on daily.known_on between periods.starts_on and periods.ends_on
    cross join stages
    group by
        periods.period, stages.stage, stages.stage_rank,
        cube (daily.segment, daily.region, daily.source)

)

select
    period,
    segment,
    region,
    source,
    stage,
    cast(stage_rank as bigint) as stage_rank,
    cast(reached as bigint) as reached,
    cast(undecided as bigint) as undecided,
    cast(skipped as bigint) as skipped
from cubed
