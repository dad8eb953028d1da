-- What sales learnt in conversations, one row a call, e-mail or meeting of a person in sales, with
-- what was noted about it, the deal it was about and how that deal ended so far.
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

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}

),

wins as (

    select * from {{ ref('win') }}

),

-- The opportunity that the activity names, else the one that was open then with this person on it.
about as (

    select
        touches.touch_id,
        coalesce(named.opportunity_id, joined.opportunity_id) as opportunity_id,
        row_number() over (
            partition by touches.touch_id
            order by joined.created_at desc, joined.opportunity_id asc
        ) as choice
    from touches
    left join notes on touches.touch_id = notes.touch_id
    left join opportunities as named on notes.what_id = named.opportunity_id
    left join roles on touches.person_id = roles.person_id and named.opportunity_id is null
    left join opportunities as joined
        on roles.opportunity_id = joined.opportunity_id
            and touches.touched_at >= joined.created_at
    left join wins on joined.opportunity_id = wins.opportunity_id
    where joined.opportunity_id is null
        or wins.closed_at is null
        or touches.touched_at <= wins.closed_at

),

conversations as (

    select
        touches.touch_id,
        touches.person_id,
        about.opportunity_id,
        touches.kind,
        touches.touched_at as held_at,
        {{ reporting_date('touches.touched_at', 'calendar.reporting_time_zone') }} as held_on,
        notes.objection,
        notes.criterion,
        notes.competitor,
        notes.claim,
        notes.is_countered,
        notes.content
    from touches
    cross join calendar
    left join notes on touches.touch_id = notes.touch_id
    left join about
        on touches.touch_id = about.touch_id
            and about.choice = 1

)

select
    conversations.*,
    {{ week_of('conversations.held_on', 'calendar.week_start') }} as week_start,
    wins.outcome
from conversations
cross join calendar
left join wins on conversations.opportunity_id = wins.opportunity_id
