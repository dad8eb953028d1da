-- Opportunity and pipeline created
-- A deal that sales has accepted into pipeline: new business, no duplicate or test. Its pipeline
-- amount is the one it had then, or the first one given soon after; what happens later does not
-- change it.
--
-- To change it, edit the numbers in "agreed" or the tests in "clauses" and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

agreed as (

    select
        30 as days_to_give_amount,
        30 as days_late_first_contact,
        90 as days_from_episode_to_opportunity,
        1095 as days_of_plausible_close_date

),

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

contexts as (

    select * from {{ ref('int_opportunity_context') }}

),

amounts as (

    select * from {{ ref('int_opportunity_amount_event') }}

),

rates as (

    select * from {{ ref('int_currency_rate') }}

),

episodes as (

    select * from {{ ref('int_opportunity_episode') }}

),

committees as (

    select * from {{ ref('int_opportunity_committee') }}

),

stamps as (

    select
        progress.opportunity_id,
        amounts.amount,
        amounts.currency,
        case
            when amounts.changed_at > progress.accepted_at then amounts.changed_at
            else progress.accepted_at
        end as stamped_at,
        row_number() over (
            partition by progress.opportunity_id
            order by amounts.sequence
        ) as position
    from progress
    cross join agreed
    inner join amounts
        on progress.opportunity_id = amounts.opportunity_id
            and amounts.amount is not null
            and (progress.accepted_at < amounts.changed_until or amounts.changed_until is null)
            and amounts.changed_at
            <= {{ dbt.dateadd('day', 'agreed.days_to_give_amount', 'progress.accepted_at') }}

),

amounts_now as (

    select * from amounts
    where changed_until is null

),

clauses as (

    select
        opportunities.opportunity_id,
        opportunities.type_kind = 'new_business' as c_new_business,
        progress.kind <> 'removed' as c_not_removed,
        progress.accepted_at is not null as c_accepted_stage,
        contexts.exclusion_reason is null as c_not_excluded
    from opportunities
    inner join progress on opportunities.opportunity_id = progress.opportunity_id
    inner join contexts on opportunities.opportunity_id = contexts.opportunity_id

),

verdicts as (

    select
        clauses.*,
        c_new_business and c_not_removed and c_accepted_stage and c_not_excluded as is_pipeline
    from clauses

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        contexts.account_id,
        case
            when episodes.led_at <= {{
                dbt.dateadd('day', 'agreed.days_late_first_contact', 'opportunities.created_at')
            }} then episodes.episode_id
        end as episode_id,
        coalesce(
            episodes.led_at <= opportunities.created_at
            and episodes.led_at >= {{
                dbt.dateadd(
                    'day',
                    '-1 * agreed.days_from_episode_to_opportunity',
                    'opportunities.created_at'
                )
            }},
            false
        ) as is_led_by_episode,
        opportunities.created_at,
        verdicts.c_new_business,
        verdicts.c_not_removed,
        verdicts.c_accepted_stage,
        verdicts.c_not_excluded,
        verdicts.is_pipeline,
        case when verdicts.is_pipeline then progress.accepted_at end as pipeline_at,
        stamps.amount as amount_at_pipeline,
        stamps.stamped_at as amount_stamped_at,
        amounts_now.amount as amount_now,
        coalesce(amounts_now.currency, opportunities.currency, calendar.currency) as currency_now,
        coalesce(stamps.currency, opportunities.currency, calendar.currency) as currency,
        cast(stamps.amount / rates.rate as numeric(28, 6)) as amount_reporting,
        verdicts.c_accepted_stage and stamps.amount is null as is_amount_missing,
        stamps.amount is not null and rates.rate is null as is_rate_missing,
        contexts.owner_id,
        committees.committee_roles,
        progress.is_left_censored,
        progress.is_created_in_stage,
        progress.is_skipped,
        coalesce(stamps.amount <= 0 or amounts_now.amount <= 0, false) as is_amount_odd,
        progress.is_open
        and coalesce(
            opportunities.close_date
            < {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }}
            or opportunities.close_date > {{
                dbt.dateadd('day', 'agreed.days_of_plausible_close_date', 'run.as_of')
            }},
            false
        ) as is_close_date_odd,
        contexts.pushes,
        contexts.slips,
        contexts.exclusion_reason,
        contexts.icp_fit,
        contexts.icp_tier,
        contexts.segment,
        contexts.region,
        opportunities.type_kind,
        progress.accepted_at as accepted_stage_at,
        opportunities.deleted_at
    from opportunities
    cross join agreed
    cross join run
    cross join calendar
    inner join verdicts on opportunities.opportunity_id = verdicts.opportunity_id
    inner join progress on opportunities.opportunity_id = progress.opportunity_id
    inner join contexts on opportunities.opportunity_id = contexts.opportunity_id
    left join stamps
        on opportunities.opportunity_id = stamps.opportunity_id
            and stamps.position = 1
    left join amounts_now on opportunities.opportunity_id = amounts_now.opportunity_id
    left join rates
        on upper(coalesce(stamps.currency, calendar.currency)) = rates.currency
            and {{ reporting_date('progress.accepted_at', 'calendar.reporting_time_zone') }}
            >= rates.valid_from
            and {{ reporting_date('progress.accepted_at', 'calendar.reporting_time_zone') }}
            < rates.valid_to
    left join episodes on opportunities.opportunity_id = episodes.opportunity_id
    left join committees on opportunities.opportunity_id = committees.opportunity_id

)

select * from final
