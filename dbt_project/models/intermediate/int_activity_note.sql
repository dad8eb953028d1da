-- What colleagues noted on their tasks and events, by the names that both teams use, one row an
-- activity. A value outside the lists may be free text: it is `unmapped`, and stands nowhere as it
-- was written.
with

calendar as (

    select * from {{ ref('calendar') }}

),

tasks as (

    select * from {{ ref('stg_salesforce__task') }}

),

events as (

    select * from {{ ref('stg_salesforce__event') }}

),

objections as (

    select
        lower(trim(value)) as value,
        objection,
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('objection') }}

),

criteria as (

    select
        lower(trim(raw_criterion)) as value,
        criterion
    from {{ ref('disqualifying_criterion') }}

),

claims as (

    select
        lower(trim(value)) as value,
        competitor,
        claim,
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('competitor_claim') }}

),

contents as (

    select
        lower(trim(value)) as value,
        content,
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('content') }}

),

activities as (

    select
        'salesforce:Task:' || task_id as touch_id,
        what_id,
        coalesce(completed_at, created_at) as noted_at,
        objection,
        disqualifying_criterion,
        competitor_claim,
        is_claim_countered,
        content_used
    from tasks

    union all

    select
        'salesforce:Event:' || event_id as touch_id,
        what_id,
        started_at as noted_at,
        objection,
        disqualifying_criterion,
        competitor_claim,
        is_claim_countered,
        content_used
    from events

),

dated as (

    select
        activities.*,
        {{ reporting_date('activities.noted_at', 'calendar.reporting_time_zone') }} as noted_on
    from activities
    cross join calendar

),

mapped as (

    select
        dated.touch_id,
        dated.what_id,
        case
            when dated.objection is not null then coalesce(objections.objection, 'unmapped')
        end as objection,
        case
            when dated.disqualifying_criterion is not null
                then coalesce(criteria.criterion, 'unmapped')
        end as criterion,
        claims.competitor,
        case
            when dated.competitor_claim is not null then coalesce(claims.claim, 'unmapped')
        end as claim,
        case when dated.competitor_claim is not null then dated.is_claim_countered end
            as is_countered,
        case
            when dated.content_used is not null then coalesce(contents.content, 'unmapped')
        end as content
    from dated
    left join objections
        on lower(trim(dated.objection)) = objections.value
            and dated.noted_on >= objections.valid_from
            and dated.noted_on < objections.valid_to
    left join criteria on lower(trim(dated.disqualifying_criterion)) = criteria.value
    left join claims
        on lower(trim(dated.competitor_claim)) = claims.value
            and dated.noted_on >= claims.valid_from
            and dated.noted_on < claims.valid_to
    left join contents
        on lower(trim(dated.content_used)) = contents.value
            and dated.noted_on >= contents.valid_from
            and dated.noted_on < contents.valid_to

)

select * from mapped
