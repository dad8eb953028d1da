-- Influenced and accelerated pipeline
-- Which teams and channels had an answer from the people of an opportunity or its account: in the
-- year before it entered pipeline (influenced), or from then until it closed (accelerated).
-- One opportunity stands under several teams and channels, so the amounts are not additive.
--
-- To change it, edit the number in "agreed" or the tests in "judged" and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

agreed as (

    select 365 as days_before_pipeline

),

run as (

    select * from {{ ref('run') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

wins as (

    select * from {{ ref('win') }}

),

touches as (

    select * from {{ ref('int_opportunity_touch') }}

),

judged as (

    select
        touches.opportunity_id,
        touches.touched_at,
        touches.team,
        touches.channel,
        case
            when touches.touched_at > opportunities.pipeline_at then 'accelerated'
            else 'influenced'
        end as kind
    from touches
    cross join agreed
    cross join run
    inner join opportunities on touches.opportunity_id = opportunities.opportunity_id
    inner join wins on touches.opportunity_id = wins.opportunity_id
    where touches.touched_at <= coalesce(wins.closed_at, run.as_of)
        and touches.touched_at >= {{
            dbt.dateadd('day', '-1 * agreed.days_before_pipeline', 'opportunities.pipeline_at')
        }}

),

final as (

    select
        opportunity_id,
        coalesce(team, 'unknown') as team,
        coalesce(channel, 'Unknown') as channel,
        kind,
        min(touched_at) as first_touch_at,
        max(touched_at) as last_touch_at,
        cast(count(*) as bigint) as touches
    from judged
    group by 1, 2, 3, 4

)

select * from final
