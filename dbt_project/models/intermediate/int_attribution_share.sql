-- noqa: disable=LT02
-- What part of an opportunity each touch before it is given by six models, one row an opportunity
-- and touch. `attribution` tells it one row a model.
with

agreed as (

    select
        365 as days_before_pipeline,
        30 as half_life_days,
        0.4 as u_end_share,
        0.3 as w_anchor_share

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

episodes as (

    select * from {{ ref('mql') }}

),

touches as (

    select * from {{ ref('int_opportunity_touch') }}

),

eligible as (

    select
        opportunities.opportunity_id,
        opportunities.pipeline_at,
        touches.touch_id,
        touches.touched_at,
        coalesce(touches.team, 'unknown') as team,
        coalesce(touches.channel, 'Unknown') as channel,
        episodes.mql_at,
        row_number() over (
            partition by opportunities.opportunity_id
            order by touches.touched_at, touches.touch_id
        ) as position,
        count(*) over (partition by opportunities.opportunity_id) as touch_count
    from opportunities
    cross join agreed
    inner join touches
        on opportunities.opportunity_id = touches.opportunity_id
            and opportunities.pipeline_at >= touches.touched_at
            and touches.touched_at >= {{ dbt.dateadd(
                'day', '-1 * agreed.days_before_pipeline', 'opportunities.pipeline_at'
            ) }}
    left join episodes
        on opportunities.episode_id = episodes.episode_id

),

-- The touch that made the MQL: the last one up to that moment.
mql_touches as (

    select
        opportunity_id,
        max(position) as position
    from eligible
    where touched_at <= mql_at
    group by 1

),

-- Points by model; what a touch is given is its part of all points. A touch that is first and last
-- at once has the points of both.
points as (

    select
        eligible.*,
        case when eligible.position = 1 then 1.0 else 0.0 end as first_points,
        case when eligible.position = eligible.touch_count then 1.0 else 0.0 end as last_points,
        1.0 as linear_points,
        case when eligible.position = 1 then agreed.u_end_share else 0.0 end
        + case
            when eligible.position = eligible.touch_count then agreed.u_end_share else 0.0
        end
        + case
            when eligible.position > 1 and eligible.position < eligible.touch_count
                then (1.0 - 2 * agreed.u_end_share) / (eligible.touch_count - 2)
            else 0.0
        end as u_points,
        case when eligible.position = 1 then agreed.w_anchor_share else 0.0 end
        + case
            when eligible.position = mql_touches.position then agreed.w_anchor_share else 0.0
        end
        + case
            when eligible.position = eligible.touch_count then agreed.w_anchor_share else 0.0
        end
        + case
            when
                eligible.position > 1 and eligible.position < eligible.touch_count
                and eligible.position <> coalesce(mql_touches.position, 0)
                then (1.0 - 3 * agreed.w_anchor_share) / (
                        eligible.touch_count - 2 - case
                            when
                                mql_touches.position > 1
                                and mql_touches.position < eligible.touch_count
                                then 1
                            else 0
                        end
                    )
            else 0.0
        end as w_points,
        power(
            0.5,
            {{ dbt.datediff('eligible.touched_at', 'eligible.pipeline_at', 'day') }}
            / cast(agreed.half_life_days as {{ double_type() }})
        ) as time_decay_points
    from eligible
    cross join agreed
    left join mql_touches on eligible.opportunity_id = mql_touches.opportunity_id

),

-- Rounded, so that the order of an addition moves no weight from one run to the next.
shares as (

    select
        opportunity_id,
        touch_id,
        touched_at,
        team,
        channel,
        {% for model in ['first', 'last', 'linear', 'u', 'w', 'time_decay'] %}
        round(
            cast({{ model }}_points as {{ double_type() }})
            / sum(cast({{ model }}_points as {{ double_type() }}))
                over (partition by opportunity_id),
            12
        ) as {{ model }}_weight{{ "," if not loop.last }}
        {% endfor %}
    from points

),

-- An opportunity that nobody touched keeps a row, so that the parts add up to the pipeline.
untouched as (

    select
        opportunities.opportunity_id,
        'Unattributed' as touch_id,
        cast(null as timestamp) as touched_at,
        'unknown' as team,
        'Unattributed' as channel,
        {% for model in ['first', 'last', 'linear', 'u', 'w', 'time_decay'] %}
        cast(1 as {{ double_type() }}) as {{ model }}_weight{{ "," if not loop.last }}
        {% endfor %}
    from opportunities
    left join shares on opportunities.opportunity_id = shares.opportunity_id
    where shares.opportunity_id is null

)

select * from shares
union all
select * from untouched
