-- Rejection
-- An MQL that sales decided against: rejected for good, recycled to marketing with a day to
-- revisit, or disqualified as never a prospect. One row an MQL, also one that had been accepted.
--
-- Which status means what, and which raw reason is which shared reason, is in seeds/mappings.
-- Both teams agree before it counts: see CONTRIBUTING.md.
with

agreed as (

    select 'No reason given' as when_empty

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

acceptances as (

    select * from {{ ref('int_mql_handoff') }}
    where accepted_at is not null

),

status_events as (

    select * from {{ ref('int_status_event') }}

),

criteria as (

    select * from {{ ref('int_episode_criterion') }}

),

decisions as (

    select
        mqls.episode_id,
        mqls.person_id,
        status_events.event_at as decided_at,
        status_events.kind,
        status_events.raw_reason,
        status_events.reason,
        case when status_events.kind = 'recycled' then status_events.revisit_on end as revisit_on,
        status_events.changed_by as decided_by,
        row_number() over (
            partition by mqls.episode_id
            order by status_events.sequence
        ) as number_from_first
    from mqls
    inner join status_events
        on mqls.person_id = status_events.person_id
            and mqls.closed_by = status_events.kind
            and mqls.closed_at = status_events.event_at
    where status_events.kind in ('rejected', 'recycled', 'disqualified')

),

judged as (

    select
        decisions.episode_id,
        decisions.person_id,
        decisions.decided_at,
        decisions.kind,
        coalesce(decisions.reason, agreed.when_empty) as reason,
        decisions.raw_reason,
        criteria.criterion,
        decisions.revisit_on,
        decisions.decided_by,
        acceptances.episode_id is not null as is_after_acceptance
    from decisions
    cross join agreed
    left join criteria on decisions.episode_id = criteria.episode_id
    left join acceptances on decisions.episode_id = acceptances.episode_id
    where decisions.number_from_first = 1

)

select * from judged
