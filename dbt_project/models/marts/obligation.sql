-- What marketing owes sales and what sales owes marketing, by quarter (fiscal, reporting zone),
-- against the target that was agreed.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

facts as (

    select * from {{ ref('int_obligation_fact') }}

),

targets as (

    select * from {{ ref('target') }}

),

shifts as (

    select
        {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }} as today_on,
        cast(calendar.fiscal_year_start_month as integer) - 1 as fiscal_shift
    from run
    cross join calendar

),

obligations as (

    select
        'marketing' as team,
        'mqls_to_standard' as obligation
    union all
    select
        'marketing' as team,
        'record_complete' as obligation
    union all
    select
        'marketing' as team,
        'objection_answered' as obligation
    union all
    select
        'sales' as team,
        'decided_in_time' as obligation
    union all
    select
        'sales' as team,
        'rejection_reason_given' as obligation
    union all
    select
        'sales' as team,
        'loss_reason_given' as obligation
    union all
    select
        'sales' as team,
        'contact_roles_given' as obligation

),

in_quarters as (

    select
        facts.metric,
        cast({{ dbt.dateadd('month', 'shifts.fiscal_shift', dbt.date_trunc('quarter', dbt.dateadd(
            'month', '-shifts.fiscal_shift', 'facts.occurred_on'
        ))) }} as date) as quarter_start,
        facts.numerator,
        facts.denominator,
        shifts.today_on
    from facts
    cross join shifts

),

counted as (

    select
        metric,
        quarter_start,
        max(today_on) as today_on,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from in_quarters
    group by 1, 2

),

valued as (

    select
        counted.quarter_start,
        obligations.team,
        obligations.obligation,
        cast(counted.numerator as bigint) as numerator,
        cast(counted.denominator as bigint) as denominator,
        case
            when counted.denominator is null then cast(counted.numerator as {{ double_type() }})
            when counted.denominator > 0
                then cast(counted.numerator as {{ double_type() }}) / counted.denominator
        end as value,
        cast(targets.target as {{ double_type() }}) as target,
        {{ dbt.dateadd('month', 3, 'counted.quarter_start') }} > counted.today_on as is_partial
    from counted
    inner join obligations on counted.metric = obligations.obligation
    left join targets
        on counted.metric = targets.metric
            and counted.quarter_start = targets.quarter_start
            and obligations.team = targets.team

)

select
    quarter_start,
    team,
    obligation,
    numerator,
    denominator,
    value,
    target,
    value >= target as is_kept,
    is_partial
from valued
