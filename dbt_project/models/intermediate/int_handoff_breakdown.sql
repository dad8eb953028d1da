-- The hand-over by category, one row per thing that `int_breakdown_fact` counts: business time to
-- the first touch, of routing and of working apart; reasons of rejection; the part turned down by
-- campaign.
with

bins as (

    select
        clock,
        bin_rank,
        bin,
        coalesce(upto_minutes, 100000000) as upto,
        coalesce(
            lag(upto_minutes) over (partition by clock order by bin_rank), -1
        ) as above
    from {{ ref('response_bin') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

follow_ups as (

    select * from {{ ref('follow_up') }}

),

acceptances as (

    select * from {{ ref('sal') }}

),

rejections as (

    select * from {{ ref('rejection') }}

),

campaigns as (

    select * from {{ ref('int_campaign') }}

),

handed_over as (

    select
        mqls.episode_id,
        {{ reporting_date('mqls.mql_at', 'calendar.reporting_time_zone') }} as mql_on,
        {{ reporting_date('rejections.decided_at', 'calendar.reporting_time_zone') }}
            as rejected_on,
        follow_ups.responded_at is not null as is_answered,
        follow_ups.status,
        follow_ups.business_minutes,
        follow_ups.routing_minutes,
        follow_ups.working_minutes,
        acceptances.outcome,
        rejections.reason,
        case
            when mqls.campaign_id is null then 'No campaign'
            else coalesce(campaigns.campaign_name, 'Campaign no longer in the CRM')
        end as campaign,
        mqls.segment,
        mqls.region,
        mqls.source
    from mqls
    cross join calendar
    inner join follow_ups on mqls.episode_id = follow_ups.episode_id
    left join acceptances on mqls.episode_id = acceptances.episode_id
    left join rejections on mqls.episode_id = rejections.episode_id
    left join campaigns on mqls.campaign_id = campaigns.campaign_id

),

clocks as (

    select
        'response_time' as breakdown,
        'response' as clock,
        case when is_answered then business_minutes end as minutes,
        case when status = 'pending' then 'Not due yet' else 'Overdue' end as without,
        case when status = 'pending' then 8 else 7 end as without_rank,
        handed_over.*
    from handed_over

    union all

    select
        'routing_time' as breakdown,
        'part' as clock,
        routing_minutes as minutes,
        'Nobody yet' as without,
        7 as without_rank,
        handed_over.*
    from handed_over

    union all

    select
        'working_time' as breakdown,
        'part' as clock,
        working_minutes as minutes,
        'Nobody yet' as without,
        7 as without_rank,
        handed_over.*
    from handed_over
    where working_minutes is not null

),

facts as (

    select
        clocks.breakdown,
        clocks.episode_id as subject_id,
        coalesce(bins.bin, clocks.without) as category,
        coalesce(bins.bin_rank, clocks.without_rank) as category_rank,
        clocks.mql_on as occurred_on,
        clocks.segment,
        clocks.region,
        clocks.source,
        1 as numerator,
        cast(null as bigint) as denominator
    from clocks
    left join bins
        on clocks.clock = bins.clock
            and clocks.minutes > bins.above
            and clocks.minutes <= bins.upto

    union all

    select
        'rejection_reason' as breakdown,
        episode_id as subject_id,
        reason as category,
        null as category_rank,
        rejected_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        null as denominator
    from handed_over
    where rejected_on is not null

    union all

    select
        'rejected_by_campaign' as breakdown,
        episode_id as subject_id,
        campaign as category,
        null as category_rank,
        mql_on as occurred_on,
        segment,
        region,
        source,
        case when outcome in ('rejected', 'recycled', 'disqualified') then 1 else 0 end
            as numerator,
        1 as denominator
    from handed_over
    where outcome in ('accepted', 'rejected', 'recycled', 'disqualified')

)

select
    breakdown,
    subject_id,
    category,
    cast(category_rank as bigint) as category_rank,
    occurred_on,
    segment,
    region,
    source,
    numerator,
    denominator,
    cast(null as bigint) as duration_days
from facts
