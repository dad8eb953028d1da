-- Pipeline created by month and source, for each choice of segment and region (`All` included).
with

facts as (

    select * from {{ ref('int_metric_fact') }}
    where metric = 'pipeline_created'

),

sources as (

    select * from {{ ref('source') }}

),

monthly as (

    select
        cast({{ dbt.date_trunc('month', 'occurred_on') }} as date) as month,
        source,
        segment,
        region,
        numerator as amount
    from facts

),

cubed as (

    select
        month,
        source,
        coalesce(segment, 'All') as segment,
        coalesce(region, 'All') as region,
        cast(round(sum(amount), 2) as {{ double_type() }}) as amount,
        cast(count(*) as bigint) as opportunities
    from monthly
    group by month, source, cube (segment, region)

)

select
    cubed.month,
    cubed.source,
    sources.team,
    cubed.segment,
    cubed.region,
    cubed.amount,
    cubed.opportunities
from cubed
inner join sources on cubed.source = sources.source
