-- Why a competing count of qualified leads differs from the shared one in a period: one row per
-- record that only one of the two counts, with the one reason. `counts` is 1 where the system
-- counts it and the shared definition does not, -1 the other way round; they add up to the gap.
with

compared as (

    select * from {{ ref('int_competing_mql') }}

),

periods as (

    select * from {{ ref('audit_period') }}

),

placed as (

    select
        periods.period,
        periods.starts_on,
        periods.ends_on,
        compared.*,
        coalesce(compared.claimed_on between periods.starts_on and periods.ends_on, false)
            as is_claimed,
        coalesce(compared.mql_on between periods.starts_on and periods.ends_on, false)
            as is_mql
    from compared
    inner join periods
        on compared.claimed_on between periods.starts_on and periods.ends_on
            or compared.mql_on between periods.starts_on and periods.ends_on

),

differing as (

    select
        period,
        definition,
        case when is_claimed then 1 else -1 end as counts,
        case
            when reason is not null then reason
            when not is_date_known then 'day was not kept by the system'
            when is_claimed and mql_on < starts_on then 'became an MQL before the period'
            when is_claimed then 'becomes an MQL after the period'
            when claimed_on < starts_on then 'counted there before the period'
            else 'counted there after the period'
        end as reason,
        detail,
        system,
        object,
        record_id,
        person_id,
        episode_id,
        claimed_on,
        mql_on
    from placed
    where is_claimed <> is_mql

)

select
    period,
    definition,
    cast(counts as bigint) as counts,
    reason,
    detail,
    system,
    object,
    record_id,
    person_id,
    episode_id,
    claimed_on,
    mql_on
from differing
