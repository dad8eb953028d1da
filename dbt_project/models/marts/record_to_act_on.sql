-- Records on which somebody should act now, one row per list and record: the way from a number on
-- a page to the records behind it. Ids only; who may see a record is the CRM's to say.
with

agreed as (

    select
        60 as days_until_stale,
        90 as days_of_rejections

),

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

episodes as (

    select * from {{ ref('mql') }}
    where is_mql

),

acceptances as (

    select * from {{ ref('sal') }}

),

rejections as (

    select * from {{ ref('rejection') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}
    where is_open

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

-- The record whose status speaks for a person; of several the first.
speakers as (

    select
        person_id,
        system,
        object,
        record_id,
        row_number() over (
            partition by person_id
            order by system desc, object asc, record_id asc
        ) as position
    from {{ ref('person_record') }}
    where speaks

),

overdue as (

    select
        'overdue_mql' as list,
        episodes.person_id,
        acceptances.decision_due_at as since_at,
        episodes.segment,
        episodes.region,
        episodes.source
    from acceptances
    inner join episodes on acceptances.episode_id = episodes.episode_id
    where acceptances.outcome = 'overdue'

),

without_reason as (

    select
        'rejected_without_reason' as list,
        episodes.person_id,
        rejections.decided_at as since_at,
        episodes.segment,
        episodes.region,
        episodes.source
    from rejections
    cross join agreed
    cross join run
    inner join episodes on rejections.episode_id = episodes.episode_id
    where rejections.reason = 'No reason given'
        and rejections.decided_at
        >= {{ dbt.dateadd('day', '-1 * agreed.days_of_rejections', 'run.as_of') }}

),

people as (

    select * from overdue

    union all

    select * from without_reason

),

stale as (

    select
        'stale_open_deal' as list,
        opportunities.system,
        case
            when opportunities.system = 'salesforce' then 'Opportunity'
            else 'deals'
        end as object,
        opportunities.opportunity_id as record_id,
        progress.entered_at as since_at,
        opportunities.segment,
        opportunities.region,
        pipeline_sources.source
    from opportunities
    cross join agreed
    cross join run
    inner join progress on opportunities.opportunity_id = progress.opportunity_id
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    where opportunities.is_close_date_odd
        or progress.entered_at
        < {{ dbt.dateadd('day', '-1 * agreed.days_until_stale', 'run.as_of') }}

),

records as (

    select
        people.list,
        speakers.system,
        speakers.object,
        speakers.record_id,
        people.since_at,
        people.segment,
        people.region,
        people.source
    from people
    inner join speakers
        on people.person_id = speakers.person_id
            and speakers.position = 1

    union all

    select * from stale

)

select
    records.list,
    records.system,
    records.object,
    records.record_id,
    min({{ reporting_date('records.since_at', 'calendar.reporting_time_zone') }}) as since_on,
    cast(
        max({{ dbt.datediff(
            reporting_date('records.since_at', 'calendar.reporting_time_zone'),
            reporting_date('run.as_of', 'calendar.reporting_time_zone'),
            'day'
        ) }}) as bigint
    ) as days,
    coalesce(max(records.segment), 'Unknown') as segment,
    coalesce(max(records.region), 'Unknown') as region,
    max(shown_sources.shown_source) as source
from records
cross join run
cross join calendar
inner join shown_sources
    on coalesce(records.source, 'Unknown') = shown_sources.source
group by 1, 2, 3, 4
