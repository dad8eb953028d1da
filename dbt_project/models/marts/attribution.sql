-- noqa: disable=LT02
-- Attribution: what part of an opportunity each touch before it is given, by six models over the
-- same touches. Each model is an approximation; the difference between them says how far any can be
-- trusted. Sourced pipeline is another thing: it has one source, stamped once.
with

shares as (

    select * from {{ ref('int_attribution_share') }}

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

weighted as (

    {% for model in ['first', 'last', 'linear', 'u', 'w', 'time_decay'] %}
    select
        opportunity_id,
        touch_id,
        touched_at,
        team,
        channel,
        '{{ model }}' as model,
        {{ model }}_weight as weight
    from shares
    where {{ model }}_weight > 0
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    weighted.opportunity_id,
    weighted.touch_id,
    weighted.model,
    weighted.touched_at,
    weighted.team,
    weighted.channel,
    weighted.weight,
    cast(round(weighted.weight * coalesce(pipeline_sources.amount, 0), 6) as {{ double_type() }})
        as amount
from weighted
left join pipeline_sources on weighted.opportunity_id = pipeline_sources.opportunity_id
