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
        lower(trim(objection.value)) as value,
        objection.objection,
        {{ validity_moments('objection') }}
    from {{ ref('objection') }} as objection
    cross join calendar

),

criteria as (

    select
        lower(trim(disqualifying_criterion.raw_criterion)) as value,
        disqualifying_criterion.criterion,
        {{ validity_moments('disqualifying_criterion') }}
    from {{ ref('disqualifying_criterion') }} as disqualifying_criterion
    cross join calendar

),

claims as (

    select
        lower(trim(competitor_claim.value)) as value,
        competitor_claim.competitor,
        competitor_claim.claim,
        {{ validity_moments('competitor_claim') }}
    from {{ ref('competitor_claim') }} as competitor_claim
    cross join calendar

),

contents as (

    select
        lower(trim(content.value)) as value,
        content.content,
        {{ validity_moments('content') }}
    from {{ ref('content') }} as content
    cross join calendar

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

mapped as (

    select
        activities.touch_id,
        activities.what_id,
        case
            when activities.objection is not null then coalesce(objections.objection, 'unmapped')
        end as objection,
        case
            when activities.disqualifying_criterion is not null
                then coalesce(criteria.criterion, 'unmapped')
        end as criterion,
        claims.competitor,
        case
            when activities.competitor_claim is not null then coalesce(claims.claim, 'unmapped')
        end as claim,
        case when activities.competitor_claim is not null then activities.is_claim_countered end
            as is_countered,
        case
            when activities.content_used is not null then coalesce(contents.content, 'unmapped')
        end as content
    from activities
    left join objections
        on lower(trim(activities.objection)) = objections.value
            and activities.noted_at >= objections.starts_at
            and activities.noted_at < objections.ends_at
    left join criteria
        on lower(trim(activities.disqualifying_criterion)) = criteria.value
            and activities.noted_at >= criteria.starts_at
            and activities.noted_at < criteria.ends_at
    left join claims
        on lower(trim(activities.competitor_claim)) = claims.value
            and activities.noted_at >= claims.starts_at
            and activities.noted_at < claims.ends_at
    left join contents
        on lower(trim(activities.content_used)) = contents.value
            and activities.noted_at >= contents.starts_at
            and activities.noted_at < contents.ends_at

)

select * from mapped
