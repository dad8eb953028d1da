-- What ruled a person out in conversation, one row an attempt: the last criterion that sales noted
-- in it. A criterion outside the pick-list may be free text and is never shown as it stands.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

episodes as (

    select * from {{ ref('int_episode') }}

),

records as (

    select * from {{ ref('person_record') }}

),

tasks as (

    select * from {{ ref('stg_salesforce__task') }}

),

deleted_records as (

    select * from {{ ref('int_deleted_record') }}

),

criteria as (

    select
        disqualifying_criterion.*,
        {{ validity_moments('disqualifying_criterion') }}
    from {{ ref('disqualifying_criterion') }} as disqualifying_criterion
    cross join calendar

),

noted as (

    select
        episodes.episode_id,
        coalesce(criteria.criterion, '(free text)') as criterion,
        coalesce(tasks.completed_at, tasks.created_at) as noted_at,
        row_number() over (
            partition by episodes.episode_id
            order by coalesce(tasks.completed_at, tasks.created_at) desc, tasks.task_id desc
        ) as number_from_last
    from tasks
    inner join run on coalesce(tasks.completed_at, tasks.created_at) <= run.as_of
    inner join records
        on tasks.who_id = records.record_id
            and records.object in ('Lead', 'Contact')
    inner join episodes
        on records.person_id = episodes.person_id
            and coalesce(tasks.completed_at, tasks.created_at) >= episodes.opened_at
            and coalesce(tasks.completed_at, tasks.created_at)
            <= coalesce(episodes.closed_at, run.as_of)
    left join criteria
        on lower(trim(tasks.disqualifying_criterion)) = lower(trim(criteria.raw_criterion))
            and coalesce(tasks.completed_at, tasks.created_at) >= criteria.starts_at
            and coalesce(tasks.completed_at, tasks.created_at) < criteria.ends_at
    where tasks.disqualifying_criterion is not null
        and {{ happened('tasks', ['tasks.who_id', 'tasks.what_id']) }}

),

latest as (

    select
        episode_id,
        criterion,
        noted_at
    from noted
    where number_from_last = 1

)

select * from latest
