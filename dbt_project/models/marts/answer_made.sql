-- What marketing made to answer each objection and each claim of a competitor. One that has no
-- answer stands there with an empty one.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

objections as (

    select distinct objection from {{ ref('objection') }}

),

claims as (

    select distinct
        competitor,
        claim
    from {{ ref('competitor_claim') }}

),

contents as (

    select * from {{ ref('content_for_objection') }}

),

answers as (

    select * from {{ ref('claim_answer') }}

),

made as (

    select
        'objection' as about,
        objections.objection as topic,
        cast(null as {{ dbt.type_string() }}) as competitor,
        contents.content as answer,
        contents.available_from,
        contents.owner
    from objections
    left join contents on objections.objection = contents.objection

    union all

    select
        'competitor_claim' as about,
        claims.claim as topic,
        claims.competitor,
        answers.answer,
        answers.available_from,
        answers.owner
    from claims
    left join answers
        on claims.claim = answers.claim
            and claims.competitor = answers.competitor

)

select
    made.about,
    made.topic,
    made.competitor,
    made.answer,
    made.available_from,
    made.owner,
    made.available_from <= {{ reporting_date('run.as_of', 'calendar.reporting_time_zone') }}
        as is_available
from made
cross join run
cross join calendar
