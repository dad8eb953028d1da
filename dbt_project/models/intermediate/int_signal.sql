-- Signals of interest: touches that score points or raise a hand, one row each.
-- What each is worth is in the scoring seeds, valid on the day of the signal in the reporting zone.
with

calendar as (

    select * from {{ ref('calendar') }}

),

touches as (

    select
        *,
        coalesce(lower({{ trimmed('value') }}), '') as said
    from {{ ref('int_touch') }}
    where person_id is not null
        and is_human

),

score_points as (

    select
        score_points.*,
        {{ validity_moments('score_points') }}
    from {{ ref('score_points') }} as score_points
    cross join calendar

),

hand_raises as (

    select * from {{ ref('hand_raise') }}

),

-- Millions of touches say few things: each is looked up once. A page may fit the line of its own
-- path, of a path above it and of any page.
sayings as (

    select distinct
        kind,
        said
    from touches

),

worth as (

    select
        sayings.kind,
        sayings.said,
        score_points.line,
        score_points.points,
        length(coalesce(score_points.value, '')) as named,
        score_points.starts_at,
        score_points.ends_at
    from sayings
    inner join score_points
        on sayings.kind = score_points.kind
            and (
                score_points.value is null
                or sayings.said = lower(trim(score_points.value))
                or (
                    sayings.kind = 'page_view'
                    and substr(sayings.said, 1, length(score_points.value) + 1)
                    = lower(score_points.value) || '/'
                )
            )

),

-- Of lines that hold at the same time, the one that names most of the path counts, and no other.
matched as (

    select
        touches.person_id,
        touches.touched_at as signal_at,
        coalesce(hand_raises.line, worth.line) as signal,
        coalesce(worth.points, 0) as points,
        hand_raises.line is not null as is_hand_raise,
        touches.campaign_id
    from touches
    left join hand_raises
        on touches.kind = hand_raises.kind
            and touches.said = lower(trim(hand_raises.value))
    left join worth
        on touches.kind = worth.kind
            and touches.said = worth.said
            and touches.touched_at >= worth.starts_at
            and touches.touched_at < worth.ends_at
    left join worth as closer
        on worth.kind = closer.kind
            and worth.said = closer.said
            and worth.named < closer.named
            and touches.touched_at >= closer.starts_at
            and touches.touched_at < closer.ends_at
    where closer.line is null

),

signals as (

    select *
    from matched
    where is_hand_raise
        or points > 0

)

select * from signals
