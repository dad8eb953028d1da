-- MQLs that sales turned down in each week by reason, source, campaign and ICP fit, against the
-- week before. A combination that had some in either week has a row.
with

calendar as (

    select * from {{ ref('calendar') }}

),

weeks as (

    select * from {{ ref('int_week') }}

),

rejections as (

    select * from {{ ref('rejection') }}

),

mqls as (

    select * from {{ ref('mql') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

campaigns as (

    select * from {{ ref('int_campaign') }}

),

decided as (

    select
        rejections.episode_id,
        rejections.kind,
        rejections.reason,
        {{ reporting_date('rejections.decided_at', 'calendar.reporting_time_zone') }} as decided_on,
        shown_sources.shown_source as source,
        case
            when mqls.campaign_id is null then 'No campaign'
            else coalesce(campaigns.campaign_name, 'Campaign no longer in the CRM')
        end as campaign,
        mqls.icp_fit
    from rejections
    cross join calendar
    inner join mqls on rejections.episode_id = mqls.episode_id
    left join shown_sources on mqls.source = shown_sources.source
    left join campaigns on mqls.campaign_id = campaigns.campaign_id

),

counted as (

    select
        {{ week_of('decided.decided_on', 'calendar.week_start') }} as week_start,
        decided.kind,
        decided.reason,
        decided.source,
        decided.campaign,
        decided.icp_fit,
        count(*) as records
    from decided
    cross join calendar
    group by 1, 2, 3, 4, 5, 6

),

-- What counts this week, and what counted the week before, as rows of the same week.
both_weeks as (

    select
        week_start,
        kind,
        reason,
        source,
        campaign,
        icp_fit,
        records,
        0 as prior_records
    from counted

    union all

    select
        cast({{ dbt.dateadd('day', 7, 'week_start') }} as date) as week_start,
        kind,
        reason,
        source,
        campaign,
        icp_fit,
        0 as records,
        records as prior_records
    from counted

)

select
    both_weeks.week_start,
    both_weeks.kind,
    both_weeks.reason,
    both_weeks.source,
    both_weeks.campaign,
    both_weeks.icp_fit,
    cast(sum(both_weeks.records) as bigint) as records,
    cast(sum(both_weeks.prior_records) as bigint) as prior_records,
    weeks.is_complete,
    weeks.is_reviewed
from both_weeks
inner join weeks on both_weeks.week_start = weeks.week_start
group by 1, 2, 3, 4, 5, 6, 9, 10
