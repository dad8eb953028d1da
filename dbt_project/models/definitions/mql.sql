-- MQL (marketing qualified lead)
-- A person who may fit the ICP and has shown enough interest, or raised a hand, so marketing hands
-- them to sales. One row an attempt, those that are no MQL included.
--
-- To change it, edit the numbers in "agreed" or the tests in "clauses" and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.
-- What each signal is worth, and what raises a hand, is in seeds/scoring.
with

agreed as (

    select
        50 as minimum_score,
        30 as score_window_days,
        3 as most_of_one_kind

),

episodes as (

    select * from {{ ref('int_episode') }}

),

signals as (

    select * from {{ ref('int_episode_signal') }}

),

moments as (

    select * from {{ ref('int_episode_moment') }}

),

sources as (

    select * from {{ ref('int_person_source') }}

),

known_statuses as (

    select * from {{ ref('int_status_known') }}

),

recent_signals as (

    select
        moments.episode_id,
        moments.moment_at,
        signals.signal,
        signals.points,
        max(signals.campaign_id) as campaign_id,
        max(case when signals.is_hand_raise then 1 else 0 end) as hand_raises,
        count(*) as signals
    from moments
    cross join agreed
    inner join signals
        on moments.episode_id = signals.episode_id
            and moments.moment_at >= signals.signal_at
            and moments.moment_at
            < {{ dbt.dateadd('day', 'agreed.score_window_days', 'signals.signal_at') }}
    group by 1, 2, 3, 4

),

interest as (

    select
        recent_signals.episode_id,
        recent_signals.moment_at,
        max(recent_signals.campaign_id) as campaign_id,
        max(recent_signals.hand_raises) as hand_raises,
        cast(
            sum(recent_signals.points * least(recent_signals.signals, agreed.most_of_one_kind))
            as bigint
        ) as score
    from recent_signals
    cross join agreed
    group by 1, 2

),

clauses as (

    select
        moments.*,
        interest.campaign_id,
        coalesce(interest.score, 0) as score,
        moments.icp_fit <> 'not_fit' as c_icp_fit,
        coalesce(interest.score, 0) >= agreed.minimum_score as c_engaged,
        coalesce(interest.hand_raises, 0) > 0 as c_hand_raised,
        not moments.is_customer as c_not_customer,
        not moments.has_open_opportunity as c_no_open_opportunity,
        moments.exclusion_reason is null as c_not_excluded
    from moments
    cross join agreed
    left join interest
        on moments.episode_id = interest.episode_id
            and moments.moment_at = interest.moment_at

),

verdicts as (

    select
        clauses.*,
        c_icp_fit
        and (c_engaged or c_hand_raised)
        and c_not_customer
        and c_no_open_opportunity
        and c_not_excluded as is_mql
    from clauses

),

-- The first moment at which all was true; without one, the last signal.
decisive_moments as (

    select
        episodes.episode_id,
        coalesce(
            min(case when verdicts.is_mql then verdicts.moment_at end),
            min(episodes.last_signal_at)
        ) as moment_at
    from episodes
    inner join verdicts on episodes.episode_id = verdicts.episode_id
    group by 1

),

judged as (

    select
        episodes.episode_id,
        episodes.person_id,
        episodes.attempt,
        episodes.opened_at,
        episodes.closed_at,
        episodes.closed_by,
        decisive.c_icp_fit,
        decisive.c_engaged,
        decisive.c_hand_raised,
        decisive.c_not_customer,
        decisive.c_no_open_opportunity,
        decisive.c_not_excluded,
        decisive.score,
        decisive.is_mql,
        case when decisive.is_mql then decisive.moment_at end as mql_at,
        case
            when decisive.is_mql and decisive.c_hand_raised then 'hand_raise'
            when decisive.is_mql then 'score'
        end as mql_trigger,
        coalesce(sources.source, 'Not recorded') as source,
        coalesce(sources.channel, 'Not recorded') as channel,
        coalesce(sources.team, 'unknown') as team,
        coalesce(
            decisive.campaign_id,
            case when sources.campaign_at <= decisive.moment_at then sources.campaign_id end
        ) as campaign_id,
        decisive.account_id,
        decisive.icp_fit,
        decisive.icp_tier,
        decisive.segment,
        decisive.region,
        decisive.exclusion_reason,
        coalesce(episodes.opened_at < known_statuses.known_from, false) as is_left_censored
    from episodes
    inner join decisive_moments on episodes.episode_id = decisive_moments.episode_id
    inner join verdicts as decisive
        on decisive_moments.episode_id = decisive.episode_id
            and decisive_moments.moment_at = decisive.moment_at
    left join sources
        on episodes.person_id = sources.person_id
            and (decisive.moment_at >= sources.valid_from or sources.valid_from is null)
            and (decisive.moment_at < sources.valid_to or sources.valid_to is null)
    left join known_statuses on episodes.person_id = known_statuses.person_id

)

select * from judged
