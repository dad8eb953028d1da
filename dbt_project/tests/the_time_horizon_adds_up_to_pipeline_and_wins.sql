-- Columns of the time horizon add up to the pipeline created and the deals won of all time, and no
-- cohort's share lies outside of [0, 1].
{{ config(severity='error') }}

with

horizon as (

    select
        sum(pipeline_amount) as pipeline_amount,
        sum(opportunities) as opportunities,
        sum(won_deals) as won_deals
    from {{ ref('time_horizon') }}

),

shown as (

    select
        sum(case when metric = 'pipeline_created' then value end) as pipeline_amount,
        sum(case when metric = 'opportunities_created' then value end) as opportunities,
        sum(case when metric = 'won' then value end) as won_deals
    from {{ ref('metric_slice') }}
    where
        period = 'all_time'
        and segment = 'All'
        and region = 'All'
        and source = 'All'

),

sums as (

    select
        'time_horizon' as found_in,
        horizon.pipeline_amount - shown.pipeline_amount as difference
    from horizon
    cross join shown
    where
        abs(horizon.pipeline_amount - shown.pipeline_amount) >= 0.5
        or horizon.opportunities <> shown.opportunities
        or horizon.won_deals <> shown.won_deals

),

cohorts as (

    select
        'cohort_conversion' as found_in,
        cast(rate as {{ double_type() }}) as difference
    from {{ ref('cohort_conversion') }}
    where rate < 0 or rate > 1 or converted > mature or mature > entered

)

select * from sums
union all
select * from cohorts
