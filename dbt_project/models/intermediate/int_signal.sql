-- Signals of interest: touches that score points or raise a hand, one row each.
-- What each is worth is in the scoring seeds, valid on the day of the signal in the reporting zone.
with

calendar as (

    select * from {{ ref('calendar') }}

),

touches as (

    select * from {{ ref('int_touch') }}
    where person_id is not null
        and is_human

),

score_points as (

    select * from {{ ref('score_points') }}

),

hand_raises as (

    select * from {{ ref('hand_raise') }}

),

matched as (

    select
        touches.touch_id as signal_id,
        touches.person_id,
        touches.touched_at as signal_at,
        coalesce(hand_raises.line, score_points.line) as signal,
        coalesce(score_points.points, 0) as points,
        hand_raises.line is not null as is_hand_raise,
        touches.campaign_id
    from touches
    cross join calendar
    left join hand_raises
        on touches.kind = hand_raises.kind
            and lower(trim(touches.value)) = lower(trim(hand_raises.value))
    left join score_points
        on touches.kind = score_points.kind
            and (
                score_points.value is null
                or lower(trim(touches.value)) = lower(trim(score_points.value))
                or (
                    touches.kind = 'page_view'
                    and substr(touches.value, 1, length(score_points.value) + 1)
                    = lower(score_points.value) || '/'
                )
            )
            and {{ reporting_date('touches.touched_at', 'calendar.reporting_time_zone') }}
            >= coalesce(score_points.valid_from, cast('0001-01-01' as date))
            and {{ reporting_date('touches.touched_at', 'calendar.reporting_time_zone') }}
            < coalesce(score_points.valid_to, cast('9999-12-31' as date))

),

signals as (

    select *
    from matched
    where is_hand_raise
        or points > 0

)

select * from signals
