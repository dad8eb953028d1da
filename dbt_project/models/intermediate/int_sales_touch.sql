-- What sales did with people, one row an activity and person: calls, e-mails, meetings, to-dos.
-- An activity of a machine stays, flagged: `is_human` is true only for a person's own work. What
-- was deleted with its person or opportunity happened; what was deleted alone did not.
with

run as (

    select * from {{ ref('run') }}

),

records as (

    select * from {{ ref('person_record') }}

),

deleted_records as (

    select * from {{ ref('int_deleted_record') }}

),

users as (

    select * from {{ ref('int_user') }}

),

activity_kinds as (

    select * from {{ ref('activity_kind') }}

),

tasks as (

    select * from {{ ref('stg_salesforce__task') }}

),

events as (

    select * from {{ ref('stg_salesforce__event') }}

),

calls as (

    select * from {{ ref('stg_hubspot__call') }}

),

emails as (

    select * from {{ ref('stg_hubspot__email') }}

),

meetings as (

    select * from {{ ref('stg_hubspot__meeting') }}

),

hubspot_tasks as (

    select * from {{ ref('stg_hubspot__task') }}

),

activity_people as (

    select * from {{ ref('int_hubspot_activity_contact') }}

),

salesforce_tasks as (

    select
        'salesforce:Task:' || tasks.task_id as touch_id,
        records.person_id,
        coalesce(tasks.completed_at, tasks.created_at) as touched_at,
        coalesce(subtypes.kind, types.kind, 'task') as kind,
        'salesforce' as system,
        tasks.owner_id as user_id,
        tasks.created_by as recorded_by,
        coalesce(subtypes.is_automated, types.is_automated, false) as is_automated,
        false as is_by_prospect
    from tasks
    left join records
        on tasks.who_id = records.record_id
            and records.object in ('Lead', 'Contact')
    left join activity_kinds as subtypes
        on lower(tasks.task_subtype) = lower(subtypes.value)
            and subtypes.field = 'TaskSubtype'
    left join activity_kinds as types
        on lower(tasks.task_type) = lower(types.value)
            and types.field = 'Type'
    where tasks.is_closed
        and {{ happened('tasks', ['tasks.who_id', 'tasks.what_id']) }}

),

salesforce_events as (

    select
        'salesforce:Event:' || events.event_id as touch_id,
        records.person_id,
        events.started_at as touched_at,
        'meeting' as kind,
        'salesforce' as system,
        events.owner_id as user_id,
        events.created_by as recorded_by,
        false as is_automated,
        false as is_by_prospect
    from events
    left join records
        on events.who_id = records.record_id
            and records.object in ('Lead', 'Contact')
    where lower(coalesce(events.subject, '')) not like 'cancel%ed:%'
        and {{ happened('events', ['events.who_id', 'events.what_id']) }}

),

hubspot_calls as (

    select
        'hubspot:call:' || calls.call_id || ':' || activity_people.person_id as touch_id,
        activity_people.person_id,
        coalesce(calls.occurred_at, calls.created_at) as touched_at,
        'call' as kind,
        'hubspot' as system,
        calls.owner_id as user_id,
        cast(null as varchar) as recorded_by,
        false as is_automated,
        coalesce(upper(calls.direction) = 'INBOUND', false) as is_by_prospect
    from calls
    inner join activity_people
        on calls.call_id = activity_people.activity_id
            and activity_people.object = 'calls'
    where upper(coalesce(calls.call_status, 'COMPLETED')) = 'COMPLETED'
        and not coalesce(calls.is_archived, false)

),

hubspot_emails as (

    select
        'hubspot:email:' || emails.email_id || ':' || activity_people.person_id as touch_id,
        activity_people.person_id,
        coalesce(emails.occurred_at, emails.created_at) as touched_at,
        'email' as kind,
        'hubspot' as system,
        emails.owner_id as user_id,
        cast(null as varchar) as recorded_by,
        emails.sequence_id is not null as is_automated,
        coalesce(upper(emails.direction) = 'INCOMING_EMAIL', false) as is_by_prospect
    from emails
    inner join activity_people
        on emails.email_id = activity_people.activity_id
            and activity_people.object = 'emails'
    where upper(coalesce(emails.email_status, 'SENT')) = 'SENT'
        and not coalesce(emails.is_archived, false)

),

hubspot_meetings as (

    select
        'hubspot:meeting:' || meetings.meeting_id || ':' || activity_people.person_id as touch_id,
        activity_people.person_id,
        coalesce(meetings.started_at, meetings.occurred_at) as touched_at,
        'meeting' as kind,
        'hubspot' as system,
        meetings.owner_id as user_id,
        cast(null as varchar) as recorded_by,
        false as is_automated,
        false as is_by_prospect
    from meetings
    inner join activity_people
        on meetings.meeting_id = activity_people.activity_id
            and activity_people.object = 'meetings'
    where upper(meetings.outcome) = 'COMPLETED'
        and not coalesce(meetings.is_archived, false)

),

done_hubspot_tasks as (

    select
        'hubspot:task:' || hubspot_tasks.task_id || ':' || activity_people.person_id as touch_id,
        activity_people.person_id,
        coalesce(hubspot_tasks.completed_at, hubspot_tasks.modified_at) as touched_at,
        coalesce(activity_kinds.kind, 'task') as kind,
        'hubspot' as system,
        hubspot_tasks.owner_id as user_id,
        cast(null as varchar) as recorded_by,
        coalesce(activity_kinds.is_automated, false) as is_automated,
        false as is_by_prospect
    from hubspot_tasks
    inner join activity_people
        on hubspot_tasks.task_id = activity_people.activity_id
            and activity_people.object = 'tasks'
    left join activity_kinds
        on lower(hubspot_tasks.task_type) = lower(activity_kinds.value)
            and activity_kinds.field = 'hs_task_type'
    where upper(hubspot_tasks.status) = 'COMPLETED'
        and not coalesce(hubspot_tasks.is_archived, false)

),

activities as (

    select * from salesforce_tasks
    union all
    select * from salesforce_events
    union all
    select * from hubspot_calls
    union all
    select * from hubspot_emails
    union all
    select * from hubspot_meetings
    union all
    select * from done_hubspot_tasks

),

-- A user who never landed is a person: Salesforce's queues tell themselves by their prefix.
judged as (

    select
        activities.touch_id,
        activities.person_id,
        activities.touched_at,
        activities.kind,
        activities.system,
        activities.user_id,
        activities.is_by_prospect,
        not activities.is_automated
        and (
            activities.is_by_prospect
            or (
                activities.user_id is not null
                and coalesce(workers.is_person, activities.user_id not like '00G%')
                and coalesce(recorders.is_person, true)
            )
        ) as is_human
    from activities
    inner join run on activities.touched_at <= run.as_of
    left join users as workers
        on activities.user_id = workers.user_id
            and activities.system = workers.system
    left join users as recorders
        on activities.recorded_by = recorders.user_id
            and activities.system = recorders.system

)

select * from judged
