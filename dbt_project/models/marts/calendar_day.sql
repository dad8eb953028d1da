-- One row per day, for tools that need a time spine.
with

days as (

    select * from {{ ref('int_calendar_day') }}

)

select day from days
