-- Each attempt is one row of the MQL definition; what comes later in life has the later time.
with

episodes as (

    select * from {{ ref('int_episode') }}

),

mqls as (

    select * from {{ ref('mql') }}

),

outcomes as (

    select * from {{ ref('sal') }}

)

select
    episodes.episode_id,
    episodes.opened_at,
    mqls.mql_at,
    outcomes.assigned_at,
    outcomes.decided_at
from episodes
left join mqls on episodes.episode_id = mqls.episode_id
left join outcomes on episodes.episode_id = outcomes.episode_id
where mqls.episode_id is null
    or mqls.mql_at < mqls.opened_at
    or mqls.mql_at > mqls.closed_at
    or mqls.is_mql <> (mqls.mql_at is not null)
    or outcomes.assigned_at < outcomes.mql_at
    or outcomes.decided_at < outcomes.mql_at
    or outcomes.accepted_at <> outcomes.decided_at
