-- One row per change of an open opportunity's close date: whether it was pushed (moved later), and
-- whether that moved it out of the fiscal quarter in which it stood (slipped). A date set by
-- closing is neither.
with

calendar as (

    select * from {{ ref('calendar') }}

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

-- A date that was emptied in between is passed over.
close_dates as (

    select * from {{ ref('int_opportunity_close_date') }}
    where close_date is not null

),

compared as (

    select
        opportunity_id,
        sequence as position,
        given_from as changed_at,
        close_date,
        lag(close_date) over (
            partition by opportunity_id
            order by sequence
        ) as previous_close_date
    from close_dates

),

in_quarters as (

    select
        compared.*,
        floor(
            (
                extract(year from compared.close_date) * 12
                + extract(month from compared.close_date)
                - calendar.fiscal_year_start_month
            ) / 3.0
        ) as quarter_number,
        floor(
            (
                extract(year from compared.previous_close_date) * 12
                + extract(month from compared.previous_close_date)
                - calendar.fiscal_year_start_month
            ) / 3.0
        ) as previous_quarter_number
    from compared
    cross join calendar
    where compared.close_date <> compared.previous_close_date

),

changes as (

    select
        in_quarters.opportunity_id,
        in_quarters.changed_at,
        in_quarters.previous_close_date,
        in_quarters.close_date,
        in_quarters.close_date > in_quarters.previous_close_date as is_push,
        in_quarters.quarter_number > in_quarters.previous_quarter_number as is_slip,
        cast(
            row_number() over (
                partition by in_quarters.opportunity_id
                order by in_quarters.position
            ) as bigint
        ) as sequence
    from in_quarters
    inner join stage_events
        on in_quarters.opportunity_id = stage_events.opportunity_id
            and in_quarters.changed_at >= stage_events.entered_at
            and (in_quarters.changed_at < stage_events.left_at or stage_events.left_at is null)
            and stage_events.kind in ('not_accepted', 'accepted', 'unmapped')

)

select * from changes
