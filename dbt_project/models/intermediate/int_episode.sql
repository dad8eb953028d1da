-- Qualification attempts of a person, one row each: when it began, ended, and by what.
with

run as (

    select * from {{ ref('run') }}

),

signals as (

    select * from {{ ref('int_episode_signal') }}

),

attempts as (

    select
        episode_id,
        person_id,
        attempt,
        min(signal_at) as opened_at,
        max(signal_at) as last_signal_at,
        count(*) as signals,
        min(accepted_at) as accepted_at,
        min(stretch_closed_at) as decided_at,
        min(stretch_closed_by) as decided_by,
        max(lapse_after_days) as lapse_after_days
    from signals
    group by 1, 2, 3

),

-- An acceptance before the next attempt of the same stretch began was not of this one.
bounded as (

    select
        attempts.*,
        {{ dbt.dateadd('day', 'lapse_after_days', 'last_signal_at') }} as lapses_at,
        accepted_at is not null
        and accepted_at >= opened_at
        and accepted_at < coalesce(
            lead(opened_at) over (partition by person_id order by attempt),
            cast('9999-12-31' as timestamp)
        ) as is_accepted
    from attempts

),

ended as (

    select
        bounded.*,
        case
            when
                not bounded.is_accepted
                and bounded.lapses_at <= coalesce(bounded.decided_at, run.as_of)
                then 'lapsed'
            when bounded.decided_at is not null then 'decided'
        end as ending
    from bounded
    cross join run

),

episodes as (

    select
        ended.episode_id,
        ended.person_id,
        ended.attempt,
        ended.opened_at,
        case
            when ended.ending = 'lapsed' then ended.lapses_at
            when ended.ending = 'decided' then ended.decided_at
        end as closed_at,
        case
            when ended.ending = 'lapsed' then 'lapsed'
            when ended.ending = 'decided' then ended.decided_by
        end as closed_by,
        ended.last_signal_at,
        ended.signals
    from ended

)

select * from episodes
