-- What each team owes the other, one row per thing owed, in the form of `int_metric_fact`.
-- Marketing: MQLs to the SAL standard, complete records, an answer to each week's top objection.
-- Sales: a decision in time, a reason for each rejection and each loss, people on each deal.
with

agreed as (

    select
        2 as minimum_people,
        -- An answer holds for so many weeks before it has to be looked at again.
        8 as weeks_an_answer_holds,
        -- And may follow the week that asked for it by so many.
        1 as weeks_to_answer

),

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

standards as (

    select * from {{ ref('sal_standard') }}

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

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}
    where taken_off_at is null

),

wins as (

    select * from {{ ref('win') }}

),

weeks as (

    select * from {{ ref('int_week') }}

),

notes as (

    select * from {{ ref('int_feedback_note') }}
    where list = 'objection' and topic <> 'unmapped'

),

responses as (

    select * from {{ ref('marketing_response') }}
    where about = 'objection'

),

handed_over as (

    select
        mqls.episode_id,
        {{ reporting_date('mqls.mql_at', 'calendar.reporting_time_zone') }} as mql_on,
        {{ reporting_date('rejections.decided_at', 'calendar.reporting_time_zone') }}
            as rejected_on,
        standards.meets_standard,
        standards.is_complete,
        acceptances.outcome,
        coalesce(acceptances.decided_at <= acceptances.decision_due_at, false) as is_in_time,
        -- Undecided in time is not yet owed; so is an MQL that nobody can decide on.
        acceptances.outcome not in ('pending', 'removed', 'no_status') as is_decision_due,
        rejections.reason,
        mqls.segment,
        mqls.region,
        mqls.source
    from mqls
    cross join calendar
    left join standards on mqls.episode_id = standards.episode_id
    left join acceptances on mqls.episode_id = acceptances.episode_id
    left join rejections on mqls.episode_id = rejections.episode_id

),

people_on_deals as (

    select
        opportunity_id,
        count(distinct person_id) as people
    from roles
    group by 1

),

deals as (

    select
        opportunities.opportunity_id,
        {{ reporting_date('opportunities.pipeline_at', 'calendar.reporting_time_zone') }}
            as pipeline_on,
        {{ reporting_date('wins.closed_at', 'calendar.reporting_time_zone') }} as closed_on,
        wins.outcome,
        wins.loss_reason,
        coalesce(people_on_deals.people, 0) as people,
        opportunities.segment,
        opportunities.region,
        pipeline_sources.source
    from opportunities
    cross join calendar
    left join pipeline_sources
        on opportunities.opportunity_id = pipeline_sources.opportunity_id
    left join wins on opportunities.opportunity_id = wins.opportunity_id
    left join people_on_deals on opportunities.opportunity_id = people_on_deals.opportunity_id

),

raised as (

    select
        week_start,
        topic,
        count(*) as records
    from notes
    group by 1, 2

),

-- What was raised most, the older trouble first among equals.
ranked as (

    select
        raised.week_start,
        raised.topic,
        row_number() over (
            partition by raised.week_start
            order by raised.records desc, coalesce(earlier.records, 0) desc, raised.topic asc
        ) as place
    from raised
    left join raised as earlier
        on raised.topic = earlier.topic
            and earlier.week_start = {{ dbt.dateadd('day', -7, 'raised.week_start') }}

),

-- A week is due once the time to answer it is over.
due_weeks as (

    select
        ranked.topic,
        weeks.week_start,
        weeks.week_end
    from weeks
    cross join agreed
    cross join run
    cross join calendar
    inner join ranked
        on weeks.week_start = ranked.week_start
            and ranked.place = 1
    where {{ dbt.dateadd('day', '7 * agreed.weeks_to_answer', 'weeks.week_end') }}
        < {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }}

),

answered_weeks as (

    select
        due_weeks.week_start,
        due_weeks.week_end,
        max(case when responses.topic is not null then 1 else 0 end) as is_answered
    from due_weeks
    cross join agreed
    left join responses
        on due_weeks.topic = responses.topic
            and responses.week_start
            <= {{ dbt.dateadd('day', '7 * agreed.weeks_to_answer', 'due_weeks.week_start') }}
            and responses.week_start
            >= {{ dbt.dateadd('day', '-7 * agreed.weeks_an_answer_holds', 'due_weeks.week_start') }}
    group by 1, 2

),

facts as (

    select
        'mqls_to_standard' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        1 as numerator,
        cast(null as bigint) as denominator
    from handed_over
    where meets_standard

    union all

    select
        'record_complete' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        case when is_complete then 1 else 0 end as numerator,
        1 as denominator
    from handed_over

    union all

    select
        'objection_answered' as metric,
        cast(week_start as {{ dbt.type_string() }}) as subject_id,
        week_end as occurred_on,
        'Unknown' as segment,
        'Unknown' as region,
        'Unknown' as source,
        is_answered as numerator,
        1 as denominator
    from answered_weeks

    union all

    select
        'decided_in_time' as metric,
        episode_id as subject_id,
        mql_on as occurred_on,
        segment,
        region,
        source,
        case when is_in_time then 1 else 0 end as numerator,
        1 as denominator
    from handed_over
    where is_decision_due

    union all

    select
        'rejection_reason_given' as metric,
        episode_id as subject_id,
        rejected_on as occurred_on,
        segment,
        region,
        source,
        case when reason = 'No reason given' then 0 else 1 end as numerator,
        1 as denominator
    from handed_over
    where rejected_on is not null

    union all

    select
        'loss_reason_given' as metric,
        opportunity_id as subject_id,
        closed_on as occurred_on,
        segment,
        region,
        source,
        case when loss_reason = 'No reason given' then 0 else 1 end as numerator,
        1 as denominator
    from deals
    where outcome = 'lost'

    union all

    select
        'contact_roles_given' as metric,
        deals.opportunity_id as subject_id,
        deals.pipeline_on as occurred_on,
        deals.segment,
        deals.region,
        deals.source,
        case when deals.people >= agreed.minimum_people then 1 else 0 end as numerator,
        1 as denominator
    from deals
    cross join agreed

)

select
    metric,
    subject_id,
    occurred_on,
    coalesce(segment, 'Unknown') as segment,
    coalesce(region, 'Unknown') as region,
    coalesce(source, 'Unknown') as source,
    numerator,
    denominator
from facts
