-- An answer to an objection, claim, criterion or reason that no list knows would be measured against
-- nothing. Each row names the seed, its line and the list in which the value is missing.
{{ config(severity='error') }}

with

known as (

    select
        'objection' as list,
        objection as value
    from {{ ref('objection') }}
    union all
    select
        'content' as list,
        content as value
    from {{ ref('content') }}
    union all
    select
        'competitor_claim' as list,
        claim as value
    from {{ ref('competitor_claim') }}
    union all
    select
        'criterion' as list,
        criterion as value
    from {{ ref('disqualifying_criterion') }}
    union all
    select
        'rejection_reason' as list,
        reason as value
    from {{ ref('rejection_reason') }}

),

named as (

    select
        'content_for_objection' as seed,
        'objection' as list,
        objection as value
    from {{ ref('content_for_objection') }}
    union all
    select
        'content_for_objection' as seed,
        'content' as list,
        content as value
    from {{ ref('content_for_objection') }}
    union all
    select
        'claim_answer' as seed,
        'competitor_claim' as list,
        claim as value
    from {{ ref('claim_answer') }}
    union all
    select
        'marketing_response' as seed,
        about as list,
        topic as value
    from {{ ref('marketing_response') }}

)

select distinct
    named.seed,
    named.value,
    named.list as missing_in
from named
left join known
    on named.list = known.list
        and named.value = known.value
where known.value is null
