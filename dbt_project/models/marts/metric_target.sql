-- What was promised for the periods that a reader can choose. A quarter has its own target; a
-- window of days has, of amounts and counts, the part of each quarter that its days are, and of
-- shares and lengths the mean over its days. Targets are for everybody's figures, not for a
-- segment, region or source.
with

targets as (

    select
        *,
        cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 3, 'quarter_start')) }} as date)
            as quarter_end
    from {{ ref('target') }}

),

periods as (

    select * from {{ ref('period') }}
    where compare = 'current' and period <> 'all_time'

),

quarters as (

    select
        periods.period,
        targets.metric,
        targets.team,
        targets.quarter_start,
        targets.target,
        targets.unit,
        periods.period in ('this_quarter', 'last_quarter') as is_quarter,
        {{ dbt.datediff('periods.starts_on', 'periods.ends_on', 'day') }} + 1 as period_days,
        {{ dbt.datediff('targets.quarter_start', 'targets.quarter_end', 'day') }} + 1
            as quarter_days,
        {{ dbt.datediff(
            'greatest(targets.quarter_start, periods.starts_on)',
            'least(targets.quarter_end, periods.ends_on)',
            'day'
        ) }} + 1 as shared_days
    from targets
    inner join periods
        on targets.quarter_start <= periods.ends_on
            and targets.quarter_end >= periods.starts_on

)

select
    period,
    metric,
    team,
    min(quarter_start) as quarter_start,
    cast(
        round(case
            when max(case when is_quarter then 1 else 0 end) = 1 then max(target)
            when min(unit) in ('currency', 'count')
                then sum(target * shared_days / cast(quarter_days as {{ double_type() }}))
            else sum(target * shared_days) / sum(shared_days)
        end, 6) as {{ double_type() }}
    ) as target,
    min(unit) as unit,
    min(case when is_quarter then 1 else 0 end) = 0 as is_by_days
from quarters
group by 1, 2, 3
-- Days without a target would make the rest look like all that was promised.
having max(case when is_quarter then 1 else 0 end) = 1 or sum(shared_days) = max(period_days)
