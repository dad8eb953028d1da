-- One row per currency of which no rate is known for a day that asked for one: how many deals have
-- an amount in it that is in no sum. The day is that on which the deal entered pipeline, and for
-- the amount of a win that on which it closed.
with

calendar as (

    select * from {{ ref('calendar') }}

),

-- Those of the pipeline and its movement, deals that were removed since included.
opportunities as (

    select * from {{ ref('opportunity') }}
    where c_new_business and c_accepted_stage and c_not_excluded

),

wins as (

    select * from {{ ref('win') }}
    where outcome = 'won'

),

amounts as (

    select
        opportunity_id,
        sequence,
        changed_until,
        upper(currency) as currency
    from {{ ref('int_opportunity_amount_event') }}
    where amount is not null

),

rates as (

    select * from {{ ref('int_currency_rate') }}

),

-- What the deal was worth when it entered pipeline, and each change since.
in_pipeline as (

    select
        opportunities.opportunity_id,
        amounts.currency,
        {{ reporting_date('opportunities.accepted_stage_at', 'calendar.reporting_time_zone') }}
            as asked_on,
        0 as is_win
    from opportunities
    cross join calendar
    inner join amounts
        on opportunities.opportunity_id = amounts.opportunity_id
            and (
                opportunities.accepted_stage_at < amounts.changed_until
                or amounts.changed_until is null
            )

),

-- As `win` has it: the amount at the close, or the first one after it.
when_closed as (

    select
        wins.opportunity_id,
        amounts.currency,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as asked_on,
        row_number() over (
            partition by wins.opportunity_id
            order by amounts.sequence
        ) as position
    from wins
    cross join calendar
    inner join opportunities on wins.opportunity_id = opportunities.opportunity_id
    inner join amounts
        on wins.opportunity_id = amounts.opportunity_id
            and (wins.closed_at < amounts.changed_until or amounts.changed_until is null)

),

asked as (

    select * from in_pipeline

    union all

    select
        opportunity_id,
        currency,
        asked_on,
        1 as is_win
    from when_closed
    where position = 1

),

-- An amount without a currency is in that of the reports.
named as (

    select
        asked.opportunity_id,
        coalesce(asked.currency, upper(calendar.currency)) as currency,
        asked.asked_on,
        asked.is_win
    from asked
    cross join calendar

)

select
    named.currency,
    cast(count(distinct named.opportunity_id) as bigint) as opportunities,
    cast(sum(named.is_win) as bigint) as won,
    min(named.asked_on) as first_on,
    max(named.asked_on) as last_on
from named
left join rates
    on named.currency = rates.currency
        and named.asked_on >= rates.valid_from
        and named.asked_on < rates.valid_to
where rates.currency is null
group by 1
