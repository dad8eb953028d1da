-- Each stage of the share in fit counts every attempt, MQL, acceptance, opportunity and win once.
{{ config(severity='error') }}

with

counted as (

    select
        category,
        sum(records) as records
    from {{ ref('int_icp_breakdown') }}
    where breakdown = 'fit_share'
    group by 1

),

defined as (

    select
        'Showed interest' as category,
        count(*) as records
    from {{ ref('mql') }}
    union all
    select
        'MQL' as category,
        count(*) as records
    from {{ ref('mql') }}
    where is_mql
    union all
    select
        'SAL' as category,
        count(*) as records
    from {{ ref('sal') }}
    where outcome = 'accepted'
    union all
    select
        'Opportunity' as category,
        count(*) as records
    from {{ ref('opportunity') }}
    where is_pipeline
    union all
    select
        'Won' as category,
        count(*) as records
    from {{ ref('win') }}
    inner join {{ ref('opportunity') }} using (opportunity_id)
    where outcome = 'won' and is_pipeline

)

select
    defined.category,
    defined.records,
    counted.records as counted
from defined
left join counted on defined.category = counted.category
where defined.records <> coalesce(counted.records, 0)
