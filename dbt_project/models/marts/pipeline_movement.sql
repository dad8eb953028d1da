-- Pipeline movement: how the open pipeline at the start of a period became that at its end, deal by
-- deal. opening + created + pulled_in + reopened + amount_change - won - lost - removed - slipped
-- = closing, for every row, without a row that makes it fit.
--
-- A quarter speaks of the deals due in it, so that a deal can be pulled into it or slip out of it.
-- The other periods speak of all open deals. Amounts are in the reporting currency at the rate of
-- the day on which the deal entered pipeline, each from the currency it was given in; won is the
-- won amount. The change of amount comes from the history of amounts and not from the other
-- columns; a test says that all agree.
with

calendar as (

    select * from {{ ref('calendar') }}

),

periods as (

    select
        period,
        is_partial,
        starts_on,
        ends_on,
        case
            when period in ('this_quarter', 'last_quarter')
                then cast({{ dbt.dateadd(
                    'day', -1, dbt.dateadd('month', 3, 'starts_on')
                ) }} as date)
        end as due_until
    from {{ ref('period') }}
    where compare = 'current'

),

-- A deal that was removed since has been in pipeline until then.
opportunities as (

    select * from {{ ref('opportunity') }}
    where c_new_business and c_accepted_stage and c_not_excluded

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

given_amounts as (

    select * from {{ ref('int_opportunity_amount_event') }}

),

close_dates as (

    select * from {{ ref('int_opportunity_close_date') }}

),

rates as (

    select * from {{ ref('int_currency_rate') }}

),

wins as (

    select * from {{ ref('win') }}

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

own_sources as (

    select * from {{ ref('int_opportunity_source') }}

),

-- Each period has two moments: the beginning of its first day, and the end of its last.
moments as (

    select
        periods.period,
        periods.due_until,
        'start' as moment,
        {{ start_of_day('periods.starts_on', 'calendar.reporting_time_zone') }} as at
    from periods
    cross join calendar

    union all

    select
        periods.period,
        periods.due_until,
        'end' as moment,
        {{ start_of_day(
            dbt.dateadd('day', 1, 'periods.ends_on'), 'calendar.reporting_time_zone'
        ) }} as at
    from periods
    cross join calendar

),

-- A removed deal has the source that it had while it was in pipeline.
deals as (

    select
        opportunities.opportunity_id,
        opportunities.accepted_stage_at,
        {{ reporting_date('opportunities.accepted_stage_at', 'calendar.reporting_time_zone') }}
            as accepted_on,
        opportunities.amount_reporting as stamped_amount,
        opportunities.amount_stamped_at,
        coalesce(opportunities.segment, 'Unknown') as segment,
        coalesce(opportunities.region, 'Unknown') as region,
        coalesce(
            pipeline_sources.source,
            case
                when opportunities.is_led_by_episode then episodes.source
                else own_sources.source
            end,
            'Unknown'
        ) as source
    from opportunities
    cross join calendar
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join episodes on opportunities.episode_id = episodes.episode_id
    left join own_sources on opportunities.opportunity_id = own_sources.opportunity_id

),

-- Each amount in the currency that it was given in. Without a rate it is worth nothing here.
amount_events as (

    select
        given_amounts.opportunity_id,
        given_amounts.sequence,
        given_amounts.changed_at,
        given_amounts.changed_until,
        given_amounts.amount is not null as is_given,
        coalesce(cast(given_amounts.amount / rates.rate as numeric(28, 6)), 0) as amount
    from deals
    cross join calendar
    inner join given_amounts on deals.opportunity_id = given_amounts.opportunity_id
    left join rates
        on upper(coalesce(given_amounts.currency, calendar.currency)) = rates.currency
            and deals.accepted_on >= rates.valid_from
            and deals.accepted_on < rates.valid_to

),

reopenings as (

    select
        stage_events.opportunity_id,
        starts.period
    from stage_events
    inner join moments as starts
        on stage_events.entered_at >= starts.at
            and starts.moment = 'start'
    inner join moments as ends
        on stage_events.entered_at < ends.at
            and starts.period = ends.period
            and ends.moment = 'end'
    where stage_events.is_reopening
    group by 1, 2

),

stages_then as (

    select
        deals.opportunity_id,
        moments.period,
        moments.moment,
        moments.at,
        moments.due_until,
        coalesce(
            deals.accepted_stage_at < moments.at
            and stage_events.kind in ('not_accepted', 'accepted', 'unmapped'),
            false
        ) as is_open,
        stage_events.kind,
        stage_events.entered_at
    from deals
    cross join moments
    left join stage_events
        on deals.opportunity_id = stage_events.opportunity_id
            and moments.at > stage_events.entered_at
            and (moments.at <= stage_events.left_at or stage_events.left_at is null)

),

-- Deals that were open when the period began or came while it lasted; no other can have moved.
movable as (

    select
        starts.opportunity_id,
        starts.period
    from stages_then as starts
    inner join deals on starts.opportunity_id = deals.opportunity_id
    left join reopenings
        on starts.opportunity_id = reopenings.opportunity_id
            and starts.period = reopenings.period
    where starts.moment = 'start'
        and (
            starts.is_open
            or deals.accepted_stage_at >= starts.at
            or reopenings.opportunity_id is not null
        )

),

states as (

    select
        stages_then.opportunity_id,
        stages_then.period,
        stages_then.moment,
        stages_then.is_open,
        coalesce(
            stages_then.due_until is null or close_dates.close_date <= stages_then.due_until, false
        ) as is_due,
        stages_then.kind,
        stages_then.entered_at,
        coalesce(amount_events.amount, 0) as amount
    from stages_then
    inner join movable
        on stages_then.opportunity_id = movable.opportunity_id
            and stages_then.period = movable.period
    left join amount_events
        on stages_then.opportunity_id = amount_events.opportunity_id
            and stages_then.at > amount_events.changed_at
            and (
                stages_then.at <= amount_events.changed_until
                or amount_events.changed_until is null
            )
    left join close_dates
        on stages_then.opportunity_id = close_dates.opportunity_id
            and stages_then.at > close_dates.given_from
            and (
                stages_then.at <= close_dates.given_until
                or close_dates.given_until is null
            )

),

-- Whether the deal was due in the period when it was created in it.
first_due as (

    select
        deals.opportunity_id,
        periods.period,
        coalesce(
            periods.due_until is null or close_dates.close_date <= periods.due_until, false
        ) as is_due
    from deals
    cross join periods
    left join close_dates
        on deals.opportunity_id = close_dates.opportunity_id
            and deals.accepted_stage_at >= close_dates.given_from
            and (
                deals.accepted_stage_at < close_dates.given_until
                or close_dates.given_until is null
            )

),

pairs as (

    select
        deals.opportunity_id,
        deals.segment,
        deals.region,
        deals.source,
        starts.period,
        starts.is_open and starts.is_due as is_in_opening,
        ends.is_open and ends.is_due as is_in_closing,
        starts.is_open as was_open,
        ends.is_open as is_still_open,
        deals.accepted_stage_at >= start_moments.at as is_created_within,
        reopenings.opportunity_id is not null as is_reopened_within,
        first_due.is_due as was_due_at_first,
        ends.kind as end_kind,
        starts.amount as start_amount,
        ends.amount as end_amount,
        start_moments.at as start_at,
        end_moments.at as end_at,
        coalesce(deals.amount_stamped_at < end_moments.at, false) as is_stamped_within,
        case
            when deals.amount_stamped_at < end_moments.at then coalesce(deals.stamped_amount, 0)
            else 0
        end as created_amount,
        case
            when
                ends.kind = 'won' and wins.outcome = 'won' and wins.closed_at <= ends.entered_at
                then coalesce(wins.amount_reporting, 0)
            else ends.amount
        end as left_amount
    from deals
    inner join states as starts
        on deals.opportunity_id = starts.opportunity_id
            and starts.moment = 'start'
    inner join states as ends
        on deals.opportunity_id = ends.opportunity_id
            and starts.period = ends.period
            and ends.moment = 'end'
    inner join moments as start_moments
        on starts.period = start_moments.period
            and start_moments.moment = 'start'
    inner join moments as end_moments
        on starts.period = end_moments.period
            and end_moments.moment = 'end'
    inner join first_due
        on deals.opportunity_id = first_due.opportunity_id
            and starts.period = first_due.period
    left join reopenings
        on deals.opportunity_id = reopenings.opportunity_id
            and starts.period = reopenings.period
    left join wins
        on deals.opportunity_id = wins.opportunity_id
    where deals.accepted_stage_at < end_moments.at

),

-- How a deal came in, and how it went out. A deal that closes within the period is due in it.
ways as (

    select
        pairs.*,
        case
            when is_in_opening then 'opening'
            when is_created_within and (was_due_at_first or not is_still_open or is_in_closing)
                then 'created'
            when not is_created_within and was_open and (is_in_closing or not is_still_open)
                then 'pulled_in'
            when
                not is_created_within and not was_open and is_reopened_within
                and (is_in_closing or not is_still_open)
                then 'reopened'
        end as came,
        case
            when is_in_closing then 'closing'
            when is_still_open then 'slipped'
            when end_kind in ('won', 'lost') then end_kind
            else 'removed'
        end as went
    from pairs

),

amount_steps as (

    select
        amount_events.opportunity_id,
        amount_events.sequence,
        amount_events.changed_at,
        amount_events.amount
        - coalesce(lag(amount_events.amount) over (
            partition by amount_events.opportunity_id
            order by amount_events.sequence
        ), 0) as amount_step
    from amount_events

),

-- The amount that was stamped when the deal entered pipeline; what follows it is change.
stamp_events as (

    select
        deals.opportunity_id,
        min(amount_events.sequence) as sequence
    from deals
    inner join amount_events
        on deals.opportunity_id = amount_events.opportunity_id
            and amount_events.is_given
            and (
                deals.accepted_stage_at < amount_events.changed_until
                or amount_events.changed_until is null
            )
    where deals.amount_stamped_at is not null
    group by 1

),

changes as (

    select
        ways.opportunity_id,
        ways.period,
        sum(amount_steps.amount_step) as amount_change
    from ways
    left join stamp_events
        on ways.opportunity_id = stamp_events.opportunity_id
            and ways.is_stamped_within
    inner join amount_steps
        on ways.opportunity_id = amount_steps.opportunity_id
            and ways.end_at > amount_steps.changed_at
            and (
                case
                    when ways.came = 'created'
                        then amount_steps.sequence > coalesce(stamp_events.sequence, 0)
                    else ways.start_at <= amount_steps.changed_at
                end
            )
    group by 1, 2

),

amounts as (

    select
        ways.*,
        case when came = 'created' then created_amount else start_amount end as came_amount,
        case when went = 'closing' then end_amount else left_amount end as went_amount
    from ways
    where came is not null

)

select
    amounts.opportunity_id,
    amounts.period,
    periods.is_partial,
    amounts.came,
    amounts.went,
    cast(
        case when amounts.came = 'opening' then amounts.came_amount else 0 end as numeric(28, 6)
    ) as opening,
    cast(
        case when amounts.came = 'created' then amounts.came_amount else 0 end as numeric(28, 6)
    ) as created,
    cast(
        case when amounts.came = 'pulled_in' then amounts.came_amount else 0 end as numeric(28, 6)
    ) as pulled_in,
    cast(
        case when amounts.came = 'reopened' then amounts.came_amount else 0 end as numeric(28, 6)
    ) as reopened,
    -- What the amount's history says; for a won deal also the rate of the day on which it closed.
    cast(
        coalesce(changes.amount_change, 0)
        + case when amounts.went = 'won' then amounts.left_amount - amounts.end_amount else 0 end
        as numeric(28, 6)
    ) as amount_change,
    cast(
        case when amounts.went = 'won' then amounts.went_amount else 0 end as numeric(28, 6)
    ) as won,
    cast(
        case when amounts.went = 'lost' then amounts.went_amount else 0 end as numeric(28, 6)
    ) as lost,
    cast(
        case when amounts.went = 'removed' then amounts.went_amount else 0 end as numeric(28, 6)
    ) as removed,
    cast(
        case when amounts.went = 'slipped' then amounts.went_amount else 0 end as numeric(28, 6)
    ) as slipped,
    cast(
        case when amounts.went = 'closing' then amounts.went_amount else 0 end as numeric(28, 6)
    ) as closing,
    amounts.segment,
    amounts.region,
    amounts.source
from amounts
inner join periods on amounts.period = periods.period
left join changes
    on amounts.opportunity_id = changes.opportunity_id
        and amounts.period = changes.period
