-- What sales learnt in conversations, one row a call, e-mail or meeting of a person in sales, with
-- what was noted about it, the deal it was about and how that deal ended so far.
with

conversations as (

    select * from {{ ref('int_conversation_note') }}

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
        conversations.touch_id,
        coalesce(named.opportunity_id, joined.opportunity_id) as opportunity_id,
        row_number() over (
            partition by conversations.touch_id
            order by joined.created_at desc, joined.opportunity_id asc
        ) as choice
    from conversations
    left join opportunities as named on conversations.what_id = named.opportunity_id
    left join roles
        on conversations.person_id = roles.person_id
            and named.opportunity_id is null
            and (conversations.held_at < roles.taken_off_at or roles.taken_off_at is null)
    left join opportunities as joined
        on roles.opportunity_id = joined.opportunity_id
            and conversations.held_at >= joined.created_at
    left join wins on joined.opportunity_id = wins.opportunity_id
    where joined.opportunity_id is null
        or wins.closed_at is null
        or conversations.held_at <= wins.closed_at

)

select
    conversations.touch_id,
    conversations.person_id,
    about.opportunity_id,
    conversations.kind,
    conversations.held_at,
    conversations.held_on,
    conversations.objection,
    conversations.criterion,
    conversations.competitor,
    conversations.claim,
    conversations.is_countered,
    conversations.content,
    conversations.week_start,
    wins.outcome
from conversations
left join about
    on conversations.touch_id = about.touch_id
        and about.choice = 1
left join wins on about.opportunity_id = wins.opportunity_id
