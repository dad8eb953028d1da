-- One row per day in the reporting zone: when business opens and closes (UTC), and how much
-- business time and how many business days there were before. Opening hours are local and are
-- turned into UTC day by day, so a day with a clock change is as long as it really is.
with

days as (

    select * from {{ ref('int_calendar_day') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

business_hours as (

    select * from {{ ref('business_hours') }}

),

holidays as (

    select * from {{ ref('holiday') }}

),

hours as (

    select
        days.day,
        business_hours.iso_weekday is not null and holidays.holiday_on is null as is_business_day,
        {{ from_reporting_time(
            "cast(cast(days.day as " ~ dbt.type_string() ~ ") || ' ' || "
            ~ "coalesce(business_hours.opens, '00:00') || ':00' as timestamp)",
            'calendar.reporting_time_zone'
        ) }} as opens_at,
        {{ from_reporting_time(
            "cast(cast(days.day as " ~ dbt.type_string() ~ ") || ' ' || "
            ~ "coalesce(business_hours.closes, '00:00') || ':00' as timestamp)",
            'calendar.reporting_time_zone'
        ) }} as closes_at
    from days
    cross join calendar
    left join business_hours on {{ iso_weekday('days.day') }} = business_hours.iso_weekday
    left join holidays on days.day = holidays.holiday_on

),

lengths as (

    select
        hours.*,
        case
            when is_business_day then {{ dbt.datediff('opens_at', 'closes_at', 'second') }}
            else 0
        end as seconds
    from hours

),

counted as (

    select
        day,
        is_business_day,
        opens_at,
        closes_at,
        cast(seconds as bigint) as seconds,
        cast(sum(seconds) over (order by day rows unbounded preceding) - seconds as bigint)
            as seconds_before,
        cast(sum(seconds) over (order by day rows unbounded preceding) as bigint) as seconds_until,
        cast(
            sum(case when is_business_day then 1 else 0 end)
                over (order by day rows unbounded preceding)
            as bigint
        ) as business_days_until
    from lengths

)

select * from counted
