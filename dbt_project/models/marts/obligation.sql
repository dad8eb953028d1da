-- What marketing owes sales and what sales owes marketing, by quarter (fiscal, reporting zone),
-- against the target that was agreed. A quarter that has begun and has a target is there also when
-- nothing came of it: a count is 0 then, a share has nothing to be a share of.
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
        'mqls_to_standard' as obligation,
        true as is_count
    union all
    select
        'marketing' as team,
        'record_complete' as obligation,
        false as is_count
    union all
    select
        'marketing' as team,
        'objection_answered' as obligation,
        false as is_count
    union all
    select
        'sales' as team,
        'decided_in_time' as obligation,
        false as is_count
    union all
    select
        'sales' as team,
        'rejection_reason_given' as obligation,
        false as is_count
    union all
    select
        'sales' as team,
        'loss_reason_given' as obligation,
        false as is_count
    union all
    select
        'sales' as team,
        'contact_roles_given' as obligation,
        false as is_count

),

in_quarters as (

    select
        facts.metric,
        {{ fiscal_quarter_of('facts.occurred_on', 'shifts.fiscal_shift') }} as quarter_start,
        facts.numerator,
        facts.denominator
    from facts
    cross join shifts

),

counted as (

    select
        metric,
        quarter_start,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from in_quarters
    group by 1, 2

),

-- Before anything was counted nobody knows what came of a promise.
history as (

    select min(quarter_start) as first_quarter from counted

),

promised as (

    select
        targets.metric,
        targets.quarter_start,
        targets.target
    from targets
    cross join shifts
    inner join obligations
        on targets.metric = obligations.obligation
            and targets.team = obligations.team
    inner join history
        on targets.quarter_start >= history.first_quarter
    where targets.quarter_start <= shifts.today_on

),

owed as (

    select
        metric,
        quarter_start
    from counted

    union

    select
        metric,
        quarter_start
    from promised

),

valued as (

    select
        owed.quarter_start,
        obligations.team,
        obligations.obligation,
        cast(coalesce(counted.numerator, 0) as bigint) as numerator,
        cast(case
            when not obligations.is_count then coalesce(counted.denominator, 0)
        end as bigint) as denominator,
        case
            when obligations.is_count
                then cast(coalesce(counted.numerator, 0) as {{ double_type() }})
            when counted.denominator > 0
                then cast(counted.numerator as {{ double_type() }}) / counted.denominator
        end as value,
        cast(promised.target as {{ double_type() }}) as target,
        {{ dbt.dateadd('month', 3, 'owed.quarter_start') }} > shifts.today_on as is_partial
    from owed
    cross join shifts
    inner join obligations on owed.metric = obligations.obligation
    left join counted
        on owed.metric = counted.metric
            and owed.quarter_start = counted.quarter_start
    left join promised
        on owed.metric = promised.metric
            and owed.quarter_start = promised.quarter_start

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
