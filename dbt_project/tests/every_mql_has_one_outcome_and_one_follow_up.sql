-- accepted + rejected + recycled + disqualified + overdue + pending + no_status + removed = MQLs,
-- and what is no MQL has neither outcome nor follow-up.
with

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

outcomes as (

    select * from {{ ref('sal') }}

),

follow_ups as (

    select * from {{ ref('follow_up') }}

)

select
    mqls.episode_id as mql,
    outcomes.episode_id as outcome_of,
    follow_ups.episode_id as follow_up_of
from mqls
full outer join outcomes on mqls.episode_id = outcomes.episode_id
full outer join follow_ups on mqls.episode_id = follow_ups.episode_id
where mqls.episode_id is null
    or outcomes.episode_id is null
    or follow_ups.episode_id is null
