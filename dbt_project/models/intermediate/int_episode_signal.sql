-- Which qualification attempt each signal belongs to, one row a signal.
-- An attempt ends with a decision against the person, a conversion, or when nothing happened for
-- the agreed days while sales had not decided; the next signal begins another one. What is between
-- two decisions is a stretch, and silences split an undecided stretch into attempts.
with

agreed as (

    select 180 as lapse_after_days

),

signals as (

    select * from {{ ref('int_signal') }}

),

status_events as (

    select * from {{ ref('int_status_event') }}

),

-- In the same moment a signal comes first, then an acceptance, then what ends an attempt.
timeline as (

    select
        person_id,
        signal_at as happened_at,
        1 as turn,
        signal_id as event_id,
        'signal' as kind
    from signals
    union all
    select
        person_id,
        event_at as happened_at,
        case when kind = 'accepted' then 2 else 3 end as turn,
        cast(sequence as varchar) as event_id,
        kind
    from status_events
    where kind in ('rejected', 'recycled', 'disqualified', 'converted')
        or (kind = 'accepted' and is_by_person)

),

stretches as (

    select
        timeline.*,
        sum(case when turn = 3 then 1 else 0 end)
            over (
                partition by person_id
                order by happened_at, turn, event_id
                rows between unbounded preceding and current row
            )
        - case when turn = 3 then 1 else 0
        end as stretch
    from timeline

),

silences as (

    select
        stretches.*,
        max(case when kind = 'signal' then happened_at end) over (
            partition by person_id, stretch
            order by happened_at, turn, event_id
            rows between unbounded preceding and 1 preceding
        ) as previous_signal_at
    from stretches

),

-- Sales decided while an attempt was open: from then on it does not lapse.
acceptances as (

    select
        silences.person_id,
        silences.stretch,
        min(silences.happened_at) as accepted_at
    from silences
    cross join agreed
    where silences.kind = 'accepted'
        and silences.happened_at
        < {{ dbt.dateadd('day', 'agreed.lapse_after_days', 'silences.previous_signal_at') }}
    group by 1, 2

),

closings as (

    select
        person_id,
        stretch,
        min(happened_at) as stretch_closed_at,
        min(kind) as stretch_closed_by
    from silences
    where turn = 3
    group by 1, 2

),

starts as (

    select
        silences.person_id,
        silences.stretch,
        silences.event_id as signal_id,
        silences.happened_at as signal_at,
        acceptances.accepted_at,
        case
            when silences.previous_signal_at is null then 1
            when
                silences.happened_at >= {{ dbt.dateadd(
                    'day', 'agreed.lapse_after_days', 'silences.previous_signal_at'
                ) }}
                and (
                    acceptances.accepted_at is null
                    or acceptances.accepted_at >= silences.happened_at
                )
                then 1
            else 0
        end as is_start
    from silences
    cross join agreed
    left join acceptances
        on silences.person_id = acceptances.person_id
            and silences.stretch = acceptances.stretch
    where silences.kind = 'signal'

),

attempts as (

    select
        starts.*,
        sum(is_start) over (
            partition by person_id
            order by signal_at, signal_id
            rows between unbounded preceding and current row
        ) as attempt
    from starts

),

assigned as (

    select
        attempts.person_id || '/' || cast(attempts.attempt as varchar) as episode_id,
        attempts.person_id,
        cast(attempts.attempt as bigint) as attempt,
        attempts.signal_id,
        attempts.signal_at,
        signals.signal,
        signals.points,
        signals.is_hand_raise,
        signals.campaign_id,
        attempts.accepted_at,
        closings.stretch_closed_at,
        closings.stretch_closed_by,
        agreed.lapse_after_days
    from attempts
    cross join agreed
    inner join signals on attempts.signal_id = signals.signal_id
    left join closings
        on attempts.person_id = closings.person_id
            and attempts.stretch = closings.stretch

)

select * from assigned
