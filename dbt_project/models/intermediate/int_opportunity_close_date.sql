-- What an opportunity's close date was and when: one row per time that a history tells it, until
-- the next one, and empty where it was emptied. What the record says counts only where no history
-- tells any, since closing a deal sets the date too.
with

tolerance as (

    -- What is given this soon after creation was given with it.
    select 1 as hours_until_late

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

witnessed as (

    select
        history.opportunity_id,
        history.changed_at,
        history.witness_id,
        -- Salesforce keeps a day, HubSpot a moment.
        case
            when opportunities.system = 'hubspot'
                then {{ reporting_date(
                    as_timestamp('history.value'), 'calendar.reporting_time_zone'
                ) }}
            else {{ as_date('history.value') }}
        end as close_date,
        -- HubSpot tells every date, so before its first one there was none; what Salesforce told
        -- first may have been true long before.
        opportunities.system = 'salesforce'
        or history.changed_at
        <= {{ dbt.dateadd('hour', 'tolerance.hours_until_late', 'opportunities.created_at') }}
            as is_from_creation
    from {{ ref('int_opportunity_history') }} as history
    cross join calendar
    cross join tolerance
    inner join opportunities on history.opportunity_id = opportunities.opportunity_id
    where history.field = 'close_date'

),

unwitnessed as (

    select
        opportunities.opportunity_id,
        opportunities.created_at as changed_at,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        opportunities.close_date,
        true as is_from_creation
    from opportunities
    left join witnessed on opportunities.opportunity_id = witnessed.opportunity_id
    where witnessed.opportunity_id is null

),

all_dates as (

    select * from witnessed

    union all

    select * from unwitnessed

),

ordered as (

    select
        all_dates.*,
        cast(
            row_number() over (
                partition by opportunity_id order by changed_at, witness_id
            ) as bigint
        ) as sequence
    from all_dates

),

-- Also a date that was told after this run tells that today's did not stand from the beginning.
until_the_next as (

    select
        opportunity_id,
        sequence,
        case
            when sequence = 1 and is_from_creation then cast('0001-01-01' as timestamp)
            else changed_at
        end as given_from,
        lead(changed_at) over (partition by opportunity_id order by sequence) as given_until,
        close_date
    from ordered

)

select
    until_the_next.opportunity_id,
    until_the_next.sequence,
    until_the_next.given_from,
    case when until_the_next.given_until <= run.as_of then until_the_next.given_until end
        as given_until,
    until_the_next.close_date
from until_the_next
inner join run on until_the_next.given_from <= run.as_of
