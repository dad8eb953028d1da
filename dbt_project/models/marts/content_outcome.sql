-- Content in conversations, week by week: how often sales used each piece, and in how many of the
-- deals won and lost in the quarter of a year up to that week it had been used.
with

agreed as (

    select 13 as weeks_of_outcomes

),

calendar as (

    select * from {{ ref('calendar') }}

),

weeks as (

    select * from {{ ref('int_week') }}

),

conversations as (

    select * from {{ ref('int_conversation') }}

),

wins as (

    select * from {{ ref('win') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

pieces as (

    select distinct content from conversations
    where content is not null

),

closed as (

    select
        wins.opportunity_id,
        wins.outcome,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on
    from wins
    cross join calendar
    inner join opportunities on wins.opportunity_id = opportunities.opportunity_id
    where wins.outcome in ('won', 'lost')

),

-- Each closed deal counts in the week in which it closed and in the twelve after it.
outcome_weeks as (

    select
        weeks.week_start,
        closed.opportunity_id,
        closed.outcome
    from closed
    cross join agreed
    inner join weeks
        on closed.closed_on <= weeks.week_end
            and closed.closed_on
            > {{ dbt.dateadd('day', '-7 * agreed.weeks_of_outcomes', 'weeks.week_end') }}

),

totals as (

    select
        week_start,
        sum(case when outcome = 'won' then 1 else 0 end) as won_deals,
        sum(case when outcome = 'lost' then 1 else 0 end) as lost_deals
    from outcome_weeks
    group by 1

),

used_in as (

    select distinct
        opportunity_id,
        content
    from conversations
    where content is not null and opportunity_id is not null

),

with_content as (

    select
        outcome_weeks.week_start,
        used_in.content,
        sum(case when outcome_weeks.outcome = 'won' then 1 else 0 end) as won_with,
        sum(case when outcome_weeks.outcome = 'lost' then 1 else 0 end) as lost_with
    from outcome_weeks
    inner join used_in on outcome_weeks.opportunity_id = used_in.opportunity_id
    group by 1, 2

),

uses as (

    select
        week_start,
        content,
        count(*) as records
    from conversations
    where content is not null
    group by 1, 2

),

filled as (

    select
        weeks.week_start,
        pieces.content,
        coalesce(uses.records, 0) as uses,
        lag(coalesce(uses.records, 0)) over (
            partition by pieces.content order by weeks.week_start
        ) as prior_uses,
        coalesce(with_content.won_with, 0) as won_with,
        coalesce(totals.won_deals, 0) as won_deals,
        coalesce(with_content.lost_with, 0) as lost_with,
        coalesce(totals.lost_deals, 0) as lost_deals,
        weeks.is_complete,
        weeks.is_reviewed
    from weeks
    cross join pieces
    left join uses
        on weeks.week_start = uses.week_start
            and pieces.content = uses.content
    left join totals on weeks.week_start = totals.week_start
    left join with_content
        on weeks.week_start = with_content.week_start
            and pieces.content = with_content.content

)

select
    week_start,
    content,
    cast(uses as bigint) as uses,
    cast(prior_uses as bigint) as prior_uses,
    cast(won_with as bigint) as won_with,
    cast(won_deals as bigint) as won_deals,
    cast(lost_with as bigint) as lost_with,
    cast(lost_deals as bigint) as lost_deals,
    is_complete,
    is_reviewed
from filled
