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
        0 as sequence,
        'signal' as kind,
        signal,
        points,
        is_hand_raise,
        campaign_id
    from signals
    union all
    select
        person_id,
        event_at as happened_at,
        case when kind = 'accepted' then 2 else 3 end as turn,
        sequence,
        kind,
        cast(null as varchar) as signal,
        cast(null as integer) as points,
        cast(null as boolean) as is_hand_raise,
        cast(null as varchar) as campaign_id
    from status_events
    where kind in ('rejected', 'recycled', 'disqualified', 'converted')
        or (kind = 'accepted' and is_by_person)

),

-- One order for all three: sorting is what costs here.
ordered as (

    select
        timeline.*,
        sum(case when turn = 3 then 1 else 0 end) over before_it as closings_before,
        max(case when turn = 3 then happened_at end) over before_it as last_closed_at,
        max(case when turn = 1 then happened_at end) over before_it as last_signal_at
    from timeline
    window before_it as (
        partition by person_id
        order by happened_at, turn, sequence
        rows between unbounded preceding and 1 preceding
    )

),

-- A signal in the moment of a closing came before it, so only a later one is of this stretch.
silences as (

    select
        ordered.*,
        coalesce(closings_before, 0) as stretch,
        case
            when last_closed_at is null or last_signal_at > last_closed_at then last_signal_at
        end as previous_signal_at
    from ordered

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
        silences.happened_at as signal_at,
        silences.signal,
        silences.points,
        silences.is_hand_raise,
        silences.campaign_id,
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

-- Signals of one moment belong to one attempt.
attempts as (

    select
        starts.*,
        sum(is_start) over (
            partition by person_id
            order by signal_at
            range between unbounded preceding and current row
        ) as attempt
    from starts

),

assigned as (

    select
        attempts.person_id || '/' || cast(attempts.attempt as varchar) as episode_id,
        attempts.person_id,
        cast(attempts.attempt as bigint) as attempt,
        attempts.signal_at,
        attempts.signal,
        attempts.points,
        attempts.is_hand_raise,
        attempts.campaign_id,
        attempts.accepted_at,
        closings.stretch_closed_at,
        closings.stretch_closed_by,
        agreed.lapse_after_days
    from attempts
    cross join agreed
    left join closings
        on attempts.person_id = closings.person_id
            and attempts.stretch = closings.stretch

)

select * from assigned
