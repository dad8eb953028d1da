-- How many qualified leads each definition counts in a period: what a system would say by itself
-- beside the shared definition, and how many of them are the same turn of the same person.
with

claims as (

    select * from {{ ref('int_competing_claim') }}

),

compared as (

    select * from {{ ref('int_competing_mql') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

periods as (

    select * from {{ ref('audit_period') }}

),

definitions as (

    select distinct definition from {{ ref('competing_mql') }}

    union

    select 'naive_union' as definition

),

shared as (

    select
        periods.period,
        count(*) as records
    from mqls
    cross join calendar
    inner join periods
        on {{ reporting_date('mqls.mql_at', 'calendar.reporting_time_zone') }}
            between periods.starts_on and periods.ends_on
    group by 1

),

claimed as (

    select
        periods.period,
        claims.definition,
        count(*) as records
    from claims
    inner join periods
        on claims.claimed_on between periods.starts_on and periods.ends_on
    group by 1, 2

),

agreed as (

    select
        periods.period,
        compared.definition,
        count(*) as records
    from compared
    inner join periods
        on compared.claimed_on between periods.starts_on and periods.ends_on
            and compared.mql_on between periods.starts_on and periods.ends_on
    group by 1, 2

),

used as (

    select
        definition,
        count(*) as records
    from claims
    group by 1

)

select
    periods.period,
    definitions.definition,
    coalesce(claimed.records, 0) as counted,
    coalesce(shared.records, 0) as shared,
    coalesce(agreed.records, 0) as in_both,
    coalesce(claimed.records, 0) - coalesce(shared.records, 0) as gap,
    coalesce(used.records, 0) as counted_ever
from periods
cross join definitions
left join claimed
    on periods.period = claimed.period
        and definitions.definition = claimed.definition
left join shared
    on periods.period = shared.period
left join agreed
    on periods.period = agreed.period
        and definitions.definition = agreed.definition
left join used
    on definitions.definition = used.definition
