-- What sales heard in each week, line by line, against the week before: objections, criteria that
-- ruled people out after the first conversation, competitors' claims that could not be countered,
-- content used, reasons of rejection. A line without a record stands there with 0.
with

notes as (

    select * from {{ ref('int_feedback_note') }}

),

weeks as (

    select * from {{ ref('int_week') }}

),

counted as (

    select
        list,
        topic,
        week_start,
        sum(case when is_counted then 1 else 0 end) as records,
        count(*) as heard
    from notes
    group by 1, 2, 3

),

topics as (

    select distinct
        list,
        topic
    from counted

),

lines as (

    select
        topics.list,
        topics.topic,
        topics.topic in ('unmapped', 'No criterion noted', 'No reason given') as is_gap,
        weeks.week_start,
        weeks.week_end,
        weeks.week_number,
        weeks.is_complete,
        weeks.is_reviewed
    from topics
    cross join weeks

),

filled as (

    select
        lines.*,
        coalesce(counted.records, 0) as records,
        coalesce(counted.heard, 0) as heard,
        coalesce(sum(counted.records) over (partition by lines.list, lines.week_start), 0)
            as in_list
    from lines
    left join counted
        on lines.list = counted.list
            and lines.topic = counted.topic
            and lines.week_start = counted.week_start

),

-- A claim is measured against how often it was heard, every other line against its list.
measured as (

    select
        filled.*,
        case when list = 'competitor_claim' then heard else in_list end as of_all
    from filled

),

compared as (

    select
        measured.*,
        lag(records) over (partition by list, topic order by week_number) as prior_records,
        lag(of_all) over (partition by list, topic order by week_number) as prior_of_all
    from measured

)

select
    list,
    topic,
    week_start,
    week_end,
    cast(records as bigint) as records,
    cast(of_all as bigint) as of_all,
    cast(prior_records as bigint) as prior_records,
    cast(prior_of_all as bigint) as prior_of_all,
    cast(records - prior_records as bigint) as change,
    cast(row_number() over (
        partition by list, week_start
        order by is_gap asc, records desc, coalesce(prior_records, 0) desc, topic asc
    ) as bigint) as position,
    is_gap,
    is_complete,
    is_reviewed
from compared
