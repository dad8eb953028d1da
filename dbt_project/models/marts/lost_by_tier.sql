-- noqa: disable=AM06
-- Lost opportunities by ICP fit and reason, for each period and along one filter at a time: each
-- reason's part of what was lost in a tier. Rare reasons are `Other`.
with

agreed as (

    select 8 as shown_reasons

),

losses as (

    select * from {{ ref('int_loss_breakdown') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

periods as (

    select * from {{ ref('period') }}
    where compare = 'current'

),

facts as (

    select
        losses.breakdown,
        losses.subject_id,
        coalesce(losses.category, 'Unknown') as category,
        losses.category_rank,
        losses.occurred_on,
        coalesce(losses.segment, 'Unknown') as segment,
        coalesce(losses.region, 'Unknown') as region,
        shown_sources.shown_source as source
    from losses
    inner join shown_sources
        on coalesce(losses.source, 'Unknown') = shown_sources.source

),

reasons as (

    select
        category as loss_reason,
        row_number() over (order by count(*) desc, category asc) as reason_rank
    from facts
    where breakdown = 'loss_reason'
    group by 1

),

lost as (

    select
        tiers.category as tier,
        tiers.category_rank as tier_rank,
        case
            when reasons.reason_rank <= agreed.shown_reasons then reasons.loss_reason
            else 'Other'
        end as loss_reason,
        least(reasons.reason_rank, agreed.shown_reasons + 1) as reason_rank,
        tiers.occurred_on,
        tiers.segment,
        tiers.region,
        tiers.source
    from facts as tiers
    cross join agreed
    inner join facts as named
        on tiers.subject_id = named.subject_id
            and named.breakdown = 'loss_reason'
    inner join reasons
        on named.category = reasons.loss_reason
    where tiers.breakdown = 'loss_tier'

),

counted as (

    select
        periods.period,
        lost.tier,
        lost.tier_rank,
        lost.loss_reason,
        lost.reason_rank,
        coalesce(lost.segment, 'All') as segment,
        coalesce(lost.region, 'All') as region,
        coalesce(lost.source, 'All') as source,
        count(*) as deals
    from lost
    inner join periods
        on lost.occurred_on between periods.starts_on and periods.ends_on
    group by grouping sets (
        (periods.period, lost.tier, lost.tier_rank, lost.loss_reason, lost.reason_rank),
        (
            periods.period, lost.tier, lost.tier_rank, lost.loss_reason, lost.reason_rank,
            lost.segment
        ),
        (
            periods.period, lost.tier, lost.tier_rank, lost.loss_reason, lost.reason_rank,
            lost.region
        ),
        (
            periods.period, lost.tier, lost.tier_rank, lost.loss_reason, lost.reason_rank,
            lost.source
        )
    )

)

select
    period,
    tier,
    cast(tier_rank as bigint) as tier_rank,
    loss_reason,
    cast(reason_rank as bigint) as reason_rank,
    segment,
    region,
    source,
    cast(deals as bigint) as deals,
    cast(sum(deals) over (partition by period, tier, segment, region, source) as bigint) as lost
from counted
