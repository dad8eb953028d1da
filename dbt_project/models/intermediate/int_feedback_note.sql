-- One row per thing that a weekly list counts: which list, which line of it, in which week, and
-- whether the row adds to the line (`is_counted`) or only to what the line is measured against.
with

calendar as (

    select * from {{ ref('calendar') }}

),

conversations as (

    select * from {{ ref('int_conversation_note') }}

),

rejections as (

    select * from {{ ref('rejection') }}

),

follow_ups as (

    select * from {{ ref('follow_up') }}

),

decided as (

    select
        rejections.*,
        {{ reporting_date('rejections.decided_at', 'calendar.reporting_time_zone') }} as decided_on
    from rejections
    cross join calendar

),

notes as (

    select
        'objection' as list,
        objection as topic,
        touch_id as subject_id,
        week_start,
        true as is_counted
    from conversations
    where objection is not null

    union all

    -- A claim is counted when nothing could be said against it, out of all times it was heard.
    select
        'competitor_claim' as list,
        claim as topic,
        touch_id as subject_id,
        week_start,
        not is_countered as is_counted
    from conversations
    where claim is not null and is_countered is not null

    union all

    select
        'content' as list,
        content as topic,
        touch_id as subject_id,
        week_start,
        true as is_counted
    from conversations
    where content is not null

    union all

    -- Turned down after somebody had spoken with them: what was it that ruled them out?
    select
        'criterion' as list,
        coalesce(decided.criterion, 'No criterion noted') as topic,
        decided.episode_id as subject_id,
        {{ week_of('decided.decided_on', 'calendar.week_start') }} as week_start,
        true as is_counted
    from decided
    cross join calendar
    inner join follow_ups on decided.episode_id = follow_ups.episode_id
    where follow_ups.responded_at < decided.decided_at

    union all

    select
        'rejection_reason' as list,
        decided.reason as topic,
        decided.episode_id as subject_id,
        {{ week_of('decided.decided_on', 'calendar.week_start') }} as week_start,
        true as is_counted
    from decided
    cross join calendar

)

select * from notes
