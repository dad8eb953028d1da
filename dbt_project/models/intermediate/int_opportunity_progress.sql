-- One row per opportunity: when it first was in an accepted (or won) stage, and where it stands as
-- of the run. A closed one has entered its end with the first of the stages that say so: a won deal
-- that goes on to another won stage is not won again.
with

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

first_acceptances as (

    select
        stage_events.*,
        row_number() over (partition by opportunity_id order by sequence) as position
    from stage_events
    where kind in ('accepted', 'won')

),

turns as (

    select
        stage_events.*,
        lag(kind) over (partition by opportunity_id order by sequence) as previous_kind
    from stage_events

),

newest_turns as (

    select
        opportunity_id,
        entered_at,
        row_number() over (partition by opportunity_id order by sequence desc) as position
    from turns
    where kind in ('not_accepted', 'accepted', 'unmapped')
        or previous_kind is null
        or previous_kind <> kind

),

current_stages as (

    select * from stage_events
    where is_current

),

histories as (

    select
        opportunity_id,
        max(case when is_history_late then 1 else 0 end) = 1 as is_history_late,
        max(case when is_reopening then 1 else 0 end) = 1 as is_reopened,
        max(case when is_backward then 1 else 0 end) = 1 as is_moved_back
    from stage_events
    group by 1

),

progress as (

    select
        opportunities.opportunity_id,
        first_acceptances.entered_at as accepted_at,
        coalesce(first_acceptances.is_at_creation, false) as is_created_in_stage,
        coalesce(first_acceptances.kind = 'won', false) as is_skipped,
        coalesce(histories.is_history_late, true) as is_left_censored,
        coalesce(histories.is_reopened, false) as is_reopened,
        coalesce(histories.is_moved_back, false) as is_moved_back,
        current_stages.stage,
        current_stages.stage_label,
        coalesce(current_stages.kind, 'unmapped') as kind,
        newest_turns.entered_at,
        coalesce(current_stages.kind, 'unmapped') in ('not_accepted', 'accepted', 'unmapped')
            as is_open
    from opportunities
    left join first_acceptances
        on opportunities.opportunity_id = first_acceptances.opportunity_id
            and first_acceptances.position = 1
    left join current_stages on opportunities.opportunity_id = current_stages.opportunity_id
    left join newest_turns
        on opportunities.opportunity_id = newest_turns.opportunity_id
            and newest_turns.position = 1
    left join histories on opportunities.opportunity_id = histories.opportunity_id

)

select * from progress
