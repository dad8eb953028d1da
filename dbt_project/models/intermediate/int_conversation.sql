-- What sales learnt in conversations, one row a call, e-mail or meeting of a person in sales:
-- objection, disqualifying criterion, competitor's claim and content, by their shared names. A
-- value outside the lists may be free text: it is `unmapped`, and stands nowhere as it was written.
with

calendar as (

    select * from {{ ref('calendar') }}

),

touches as (

    select * from {{ ref('int_sales_touch') }}
    where is_human and kind in ('call', 'email', 'meeting')

),

tasks as (

    select * from {{ ref('stg_salesforce__task') }}

),

events as (

    select * from {{ ref('stg_salesforce__event') }}

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

notes as (

    select
        'salesforce:Task:' || task_id as touch_id,
        what_id,
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
        objection,
        disqualifying_criterion,
        competitor_claim,
        is_claim_countered,
        content_used
    from events

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

noted as (

    select
        touches.touch_id,
        touches.person_id,
        touches.kind,
        touches.touched_at as held_at,
        {{ reporting_date('touches.touched_at', 'calendar.reporting_time_zone') }} as held_on,
        notes.objection as raw_objection,
        notes.disqualifying_criterion as raw_criterion,
        notes.competitor_claim as raw_claim,
        notes.is_claim_countered,
        notes.content_used as raw_content,
        about.opportunity_id
    from touches
    cross join calendar
    left join notes on touches.touch_id = notes.touch_id
    left join about
        on touches.touch_id = about.touch_id
            and about.choice = 1

),

mapped as (

    select
        noted.touch_id,
        noted.person_id,
        noted.opportunity_id,
        noted.kind,
        noted.held_at,
        noted.held_on,
        {{ week_of('noted.held_on', 'calendar.week_start') }} as week_start,
        wins.outcome,
        case
            when noted.raw_objection is not null
                then coalesce(objections.objection, 'unmapped')
        end as objection,
        case
            when noted.raw_criterion is not null
                then coalesce(criteria.criterion, 'unmapped')
        end as criterion,
        claims.competitor,
        case when noted.raw_claim is not null then coalesce(claims.claim, 'unmapped') end as claim,
        case when noted.raw_claim is not null then noted.is_claim_countered end as is_countered,
        case
            when noted.raw_content is not null then coalesce(contents.content, 'unmapped')
        end as content
    from noted
    cross join calendar
    left join wins on noted.opportunity_id = wins.opportunity_id
    left join objections
        on lower(trim(noted.raw_objection)) = objections.value
            and noted.held_on >= objections.valid_from
            and noted.held_on < objections.valid_to
    left join criteria on lower(trim(noted.raw_criterion)) = criteria.value
    left join claims
        on lower(trim(noted.raw_claim)) = claims.value
            and noted.held_on >= claims.valid_from
            and noted.held_on < claims.valid_to
    left join contents
        on lower(trim(noted.raw_content)) = contents.value
            and noted.held_on >= contents.valid_from
            and noted.held_on < contents.valid_to

)

select * from mapped
