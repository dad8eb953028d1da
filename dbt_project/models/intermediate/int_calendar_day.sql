-- One row per day, about 25 years back from the run, and two years on for what falls due later.
with

digits as (

    select 0 as digit
    union all
    select 1
    union all
    select 2
    union all
    select 3
    union all
    select 4
    union all
    select 5
    union all
    select 6
    union all
    select 7
    union all
    select 8
    union all
    select 9

),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands

),

run as (

    select * from {{ ref('run') }}

),

days as (

    select
        cast(
            {{ dbt.dateadd('day', 'numbers.number - 9270', 'cast(run.as_of as date)') }} as date
        ) as day
    from numbers
    cross join run

)

select * from days
