-- What sales noted in conversations, one row a call, e-mail or meeting of a person in sales. The
-- weekly lists count these, whatever deal they were about (`int_conversation`).
with

calendar as (

    select * from {{ ref('calendar') }}

),

touches as (

    select * from {{ ref('int_sales_touch') }}
    where is_human and kind in ('call', 'email', 'meeting')

),

notes as (

    select * from {{ ref('int_activity_note') }}

),

conversations as (

    select
        touches.touch_id,
        touches.person_id,
        touches.kind,
        touches.touched_at as held_at,
        {{ reporting_date('touches.touched_at', 'calendar.reporting_time_zone') }} as held_on,
        notes.what_id,
        notes.objection,
        notes.criterion,
        notes.competitor,
        notes.claim,
        notes.is_countered,
        notes.content
    from touches
    cross join calendar
    left join notes on touches.touch_id = notes.touch_id

)

select
    conversations.*,
    {{ week_of('conversations.held_on', 'calendar.week_start') }} as week_start
from conversations
cross join calendar
