-- Marketing's quarters against sales' quarters: pipeline and wins of each quarter by the quarter of
-- the MQL that led to them. Down a column, where a sales quarter came from; along a row,
-- what became of a quarter's MQLs until today, and what is still open.
with

calendar as (

    select
        cast(fiscal_year_start_month as integer) - 1 as fiscal_shift,
        reporting_time_zone
    from {{ ref('calendar') }}

),

run as (

    select * from {{ ref('run') }}

),

progress as (

    select * from {{ ref('int_mql_progress') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

wins as (

    select * from {{ ref('win') }}

),

quarters_of_mqls as (

    select
        progress.*,
        {{ fiscal_quarter_of('progress.mql_on', 'calendar.fiscal_shift') }} as mql_quarter
    from progress
    cross join calendar

),

deals as (

    select
        opportunities.opportunity_id,
        quarters_of_mqls.mql_quarter,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        case
            when wins.outcome = 'won'
                then {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }}
        end as won_on,
        coalesce(pipeline_sources.amount, 0) as amount,
        coalesce(wins.amount_reporting, 0) as won_amount,
        calendar.fiscal_shift
    from opportunities
    cross join calendar
    left join quarters_of_mqls on opportunities.episode_id = quarters_of_mqls.episode_id
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins on opportunities.opportunity_id = wins.opportunity_id

),

happened as (

    select
        mql_quarter,
        pipeline_on as happened_on,
        fiscal_shift,
        1 as opportunities,
        amount as pipeline_amount,
        0 as won_deals,
        0 as won_amount
    from deals

    union all

    select
        mql_quarter,
        won_on as happened_on,
        fiscal_shift,
        0 as opportunities,
        0 as pipeline_amount,
        1 as won_deals,
        won_amount
    from deals
    where won_on is not null

),

in_quarters as (

    select
        mql_quarter,
        {{ fiscal_quarter_of('happened_on', 'fiscal_shift') }} as quarter_start,
        sum(opportunities) as opportunities,
        sum(pipeline_amount) as pipeline_amount,
        sum(won_deals) as won_deals,
        sum(won_amount) as won_amount
    from happened
    group by 1, 2

),

handed_over as (

    select
        mql_quarter,
        count(*) as mqls,
        sum(case when outcome = 'accepted' then 1 else 0 end) as accepted,
        sum(case when outcome in ('pending', 'overdue') then 1 else 0 end) as undecided,
        sum(case when has_open_deal then 1 else 0 end) as with_open_deal
    from quarters_of_mqls
    group by 1

),

-- A quarter of MQLs from which nothing came has its own row, in its own quarter.
joined as (

    select
        coalesce(in_quarters.mql_quarter, handed_over.mql_quarter) as mql_quarter,
        coalesce(in_quarters.quarter_start, handed_over.mql_quarter) as quarter_start,
        handed_over.mqls,
        handed_over.accepted,
        handed_over.undecided,
        handed_over.with_open_deal,
        coalesce(in_quarters.opportunities, 0) as opportunities,
        coalesce(in_quarters.pipeline_amount, 0) as pipeline_amount,
        coalesce(in_quarters.won_deals, 0) as won_deals,
        coalesce(in_quarters.won_amount, 0) as won_amount
    from in_quarters
    full outer join handed_over on in_quarters.mql_quarter = handed_over.mql_quarter

),

final as (

    select
        joined.*,
        {{ dbt.dateadd('month', 3, 'joined.quarter_start') }}
        > {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }} as is_partial
    from joined
    cross join run
    cross join calendar

)

select
    mql_quarter,
    quarter_start,
    cast(
        {{ dbt.datediff('mql_quarter', 'quarter_start', 'month') }} / 3 as bigint
    ) as quarters_later,
    cast(mqls as bigint) as mqls,
    cast(accepted as bigint) as accepted,
    cast(undecided as bigint) as undecided,
    cast(with_open_deal as bigint) as with_open_deal,
    cast(opportunities as bigint) as opportunities,
    cast(pipeline_amount as {{ double_type() }}) as pipeline_amount,
    cast(won_deals as bigint) as won_deals,
    cast(won_amount as {{ double_type() }}) as won_amount,
    is_partial
from final
