-- noqa: disable=LT02,AM06
-- Pipeline created by channel as each model of attribution has it, side by side, with the lowest
-- and the highest of them: for each period, for all and along one of segment, region and source.
{% set models = ['first', 'last', 'linear', 'u', 'w', 'time_decay'] %}
with

shares as (

    select * from {{ ref('int_attribution_share') }}

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
        shares.channel,
        shares.team,
        {% for model in models %}
        sum(round(shares.{{ model }}_weight * facts.numerator, 6)) as {{ model }}_amount,
        sum(shares.{{ model }}_weight) as {{ model }}_opportunities{{ "," if not loop.last }}
        {% endfor %}
    from shares
    inner join facts on shares.opportunity_id = facts.subject_id
    group by 1, 2, 3, 4, 5, 6

),

grouped as (

    select
        periods.period,
        by_channel.channel,
        coalesce(by_channel.segment, 'All') as segment,
        coalesce(by_channel.region, 'All') as region,
        coalesce(by_channel.source, 'All') as source,
        case
            when min(by_channel.team) <> max(by_channel.team) then 'several'
            else min(by_channel.team)
        end as team,
        {% for model in models %}
        sum(by_channel.{{ model }}_amount) as {{ model }}_amount,
        sum(by_channel.{{ model }}_opportunities)
            as {{ model }}_opportunities{{ "," if not loop.last }}
        {% endfor %}
    from by_channel
    inner join periods
        on by_channel.occurred_on between periods.starts_on and periods.ends_on
    group by grouping sets (
        (periods.period, by_channel.channel),
        (periods.period, by_channel.channel, by_channel.segment),
        (periods.period, by_channel.channel, by_channel.region),
        (periods.period, by_channel.channel, by_channel.source)
    )

),

with_spread as (

    select
        grouped.*,
        least(
            first_amount, last_amount, linear_amount, u_amount, w_amount, time_decay_amount
        ) as lowest_amount,
        greatest(
            first_amount, last_amount, linear_amount, u_amount, w_amount, time_decay_amount
        ) as highest_amount,
        greatest(
            first_opportunities, last_opportunities, linear_opportunities, u_opportunities,
            w_opportunities, time_decay_opportunities
        ) as opportunities,
        sum(linear_amount) over (
            partition by period, segment, region, source
        ) as total_amount
    from grouped

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
