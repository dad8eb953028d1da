-- Win
-- How each opportunity ended, or that it is open: when it entered the end it is in now, after how
-- many days, why it was lost and to whom. Closed without ever having been accepted is unqualified,
-- not lost. Another stage of the same end, say from won to live, moves nothing.
--
-- To change it, edit the tests in "outcomes" and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

amounts as (

    select * from {{ ref('int_opportunity_amount_event') }}

),

rates as (

    select * from {{ ref('int_currency_rate') }}

),

reasons as (

    select * from {{ ref('int_opportunity_loss') }}

),

outcomes as (

    select
        progress.opportunity_id,
        case
            when progress.is_open then 'open'
            when progress.kind = 'lost'
                and progress.accepted_at is null
                and not progress.is_left_censored then 'unqualified'
            else progress.kind
        end as outcome,
        case when not progress.is_open then progress.entered_at end as closed_at,
        progress.is_reopened
    from progress

),

-- Won amounts are those at the close; all others are what entered pipeline.
won_amounts as (

    select
        outcomes.opportunity_id,
        amounts.amount,
        amounts.currency,
        row_number() over (
            partition by outcomes.opportunity_id
            order by amounts.sequence
        ) as position
    from outcomes
    inner join amounts
        on outcomes.opportunity_id = amounts.opportunity_id
            and amounts.amount is not null
            and (outcomes.closed_at < amounts.changed_until or amounts.changed_until is null)
    where outcomes.outcome = 'won'

),

on_days as (

    select
        outcomes.opportunity_id,
        outcomes.outcome,
        outcomes.closed_at,
        outcomes.is_reopened,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        {{ reporting_date('episodes.mql_at', 'calendar.reporting_time_zone') }} as mql_on,
        {{ reporting_date('outcomes.closed_at', 'calendar.reporting_time_zone') }} as closed_on,
        coalesce(outcomes.closed_at < episodes.mql_at, false)
        and outcomes.outcome = 'won' as is_won_before_mql,
        opportunities.is_left_censored or opportunities.is_skipped as has_no_duration,
        opportunities.amount_reporting as stamped_amount,
        coalesce(won_amounts.currency, calendar.currency) as won_currency,
        won_amounts.amount as won_amount
    from outcomes
    cross join calendar
    inner join opportunities on outcomes.opportunity_id = opportunities.opportunity_id
    left join episodes on opportunities.episode_id = episodes.episode_id
    left join won_amounts
        on outcomes.opportunity_id = won_amounts.opportunity_id
            and won_amounts.position = 1

),

final as (

    select
        on_days.opportunity_id,
        on_days.outcome,
        on_days.closed_at,
        cast(
            case
                when on_days.outcome in ('won', 'lost') and not on_days.has_no_duration
                    then {{ dbt.datediff('on_days.pipeline_on', 'on_days.closed_on', 'day') }}
            end as bigint
        ) as cycle_days,
        cast(
            {{ dbt.datediff('on_days.mql_on', 'on_days.closed_on', 'day') }} as bigint
        ) as days_from_mql,
        on_days.is_won_before_mql,
        on_days.is_reopened,
        case
            when on_days.outcome = 'lost' then coalesce(reasons.loss_reason, 'No reason given')
            when on_days.outcome = 'unqualified' then reasons.loss_reason
        end as loss_reason,
        reasons.competitor,
        case
            when on_days.outcome = 'won'
                then cast(on_days.won_amount / rates.rate as numeric(28, 6))
            else on_days.stamped_amount
        end as amount_reporting
    from on_days
    left join reasons on on_days.opportunity_id = reasons.opportunity_id
    left join rates
        on upper(on_days.won_currency) = rates.currency
            and on_days.closed_on >= rates.valid_from
            and on_days.closed_on < rates.valid_to

)

select * from final
