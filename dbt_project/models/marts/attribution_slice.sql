-- noqa: disable=LT02,AM06
-- Pipeline created by channel as each model of attribution has it, side by side, with the lowest
-- and the highest of them: for each period, for all and along one of segment, region and source.
with

attributed as (

    select * from {{ ref('attribution') }}

),

facts as (

    select * from {{ ref('int_metric_fact') }}
    where metric = 'pipeline_created'

),

periods as (

    select * from {{ ref('period') }}
    where compare = 'current'

),

-- Touches of an opportunity by channel: few rows, which all periods share.
by_channel as (

    select
        facts.occurred_on,
        facts.segment,
        facts.region,
        facts.source,
        attributed.channel,
        attributed.team,
        attributed.model,
        sum(attributed.amount) as amount,
        sum(attributed.weight) as opportunities
    from attributed
    inner join facts on attributed.opportunity_id = facts.subject_id
    group by 1, 2, 3, 4, 5, 6, 7

),

grouped as (

    select
        periods.period,
        by_channel.channel,
        by_channel.model,
        coalesce(by_channel.segment, 'All') as segment,
        coalesce(by_channel.region, 'All') as region,
        coalesce(by_channel.source, 'All') as source,
        min(by_channel.team) as team,
        max(by_channel.team) as other_team,
        sum(by_channel.amount) as amount,
        sum(by_channel.opportunities) as opportunities
    from by_channel
    inner join periods
        on by_channel.occurred_on between periods.starts_on and periods.ends_on
    group by grouping sets (
        (periods.period, by_channel.channel, by_channel.model),
        (periods.period, by_channel.channel, by_channel.model, by_channel.segment),
        (periods.period, by_channel.channel, by_channel.model, by_channel.region),
        (periods.period, by_channel.channel, by_channel.model, by_channel.source)
    )

),

wide as (

    select
        period,
        channel,
        segment,
        region,
        source,
        case when min(team) <> max(other_team) then 'several' else min(team) end as team,
        sum(case when model = 'first' then amount else 0 end) as first_amount,
        sum(case when model = 'last' then amount else 0 end) as last_amount,
        sum(case when model = 'linear' then amount else 0 end) as linear_amount,
        sum(case when model = 'u' then amount else 0 end) as u_amount,
        sum(case when model = 'w' then amount else 0 end) as w_amount,
        sum(case when model = 'time_decay' then amount else 0 end) as time_decay_amount,
        max(opportunities) as opportunities
    from grouped
    group by 1, 2, 3, 4, 5

),

with_spread as (

    select
        wide.*,
        least(
            first_amount, last_amount, linear_amount, u_amount, w_amount, time_decay_amount
        ) as lowest_amount,
        greatest(
            first_amount, last_amount, linear_amount, u_amount, w_amount, time_decay_amount
        ) as highest_amount,
        sum(linear_amount) over (
            partition by period, segment, region, source
        ) as total_amount
    from wide

)

select
    period,
    segment,
    region,
    source,
    channel,
    team,
    {% for name in [
        'first', 'last', 'linear', 'u', 'w', 'time_decay', 'lowest', 'highest', 'total'
    ] %}
    cast(round({{ name }}_amount, 2) as {{ double_type() }}) as {{ name }}_amount,
    {% endfor %}
    cast(round(highest_amount - lowest_amount, 2) as {{ double_type() }}) as spread_amount,
    cast(round(opportunities, 4) as {{ double_type() }}) as opportunities
from with_spread
