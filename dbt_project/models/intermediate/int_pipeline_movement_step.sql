-- One row per opportunity, period and step of its movement, signed as it adds up: what a waterfall
-- draws, in the order of the steps.
with

movement as (

    select * from {{ ref('pipeline_movement') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

steps as (

    select
        'Open at start' as category,
        1 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.opening as amount
    from movement
    where movement.came = 'opening'

    union all

    select
        'Created' as category,
        2 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.created as amount
    from movement
    where movement.came = 'created'

    union all

    select
        'Pulled in' as category,
        3 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.pulled_in as amount
    from movement
    where movement.came = 'pulled_in'

    union all

    select
        'Reopened' as category,
        4 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.reopened as amount
    from movement
    where movement.came = 'reopened'

    union all

    select
        'Amount changed' as category,
        5 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.amount_change as amount
    from movement
    where movement.amount_change <> 0

    union all

    select
        'Won' as category,
        6 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        -1 * movement.won as amount
    from movement
    where movement.went = 'won'

    union all

    select
        'Lost' as category,
        7 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        -1 * movement.lost as amount
    from movement
    where movement.went = 'lost'

    union all

    select
        'Removed' as category,
        8 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        -1 * movement.removed as amount
    from movement
    where movement.went = 'removed'

    union all

    select
        'Slipped' as category,
        9 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        -1 * movement.slipped as amount
    from movement
    where movement.went = 'slipped'

    union all

    select
        'Open at end' as category,
        10 as category_rank,
        movement.opportunity_id,
        movement.period,
        movement.segment,
        movement.region,
        movement.source,
        movement.closing as amount
    from movement
    where movement.went = 'closing'

)

select
    'pipeline_movement' as breakdown,
    steps.opportunity_id,
    steps.category,
    cast(steps.category_rank as bigint) as category_rank,
    steps.period,
    steps.segment,
    steps.region,
    coalesce(shown_sources.shown_source, steps.source) as source,
    steps.amount
from steps
left join shown_sources on steps.source = shown_sources.source
