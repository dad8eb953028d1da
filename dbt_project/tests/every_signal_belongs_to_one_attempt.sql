-- Dividing signals into attempts loses none and counts none twice.
with

signals as (

    select
        signal,
        count(*) as signals
    from {{ ref('int_signal') }}
    group by 1

),

assigned as (

    select
        signal,
        count(*) as signals
    from {{ ref('int_episode_signal') }}
    group by 1

)

select
    coalesce(signals.signal, assigned.signal) as what,
    coalesce(assigned.signals, 0) - coalesce(signals.signals, 0) as found
from signals
full join assigned on signals.signal = assigned.signal
where coalesce(assigned.signals, 0) <> coalesce(signals.signals, 0)
