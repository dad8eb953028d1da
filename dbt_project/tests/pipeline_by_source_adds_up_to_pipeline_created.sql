-- The sources of all months add up to the pipeline created of all time, to the cent.
{{ config(severity='error') }}

with

by_source as (

    select coalesce(sum(amount), 0) as amount
    from {{ ref('pipeline_by_source') }}
    where segment = 'All' and region = 'All'

),

in_total as (

    select coalesce(sum(value), 0) as amount
    from {{ ref('metric_slice') }}
    where
        metric = 'pipeline_created'
        and period = 'all_time'
        and segment = 'All'
        and region = 'All'
        and source = 'All'

)

select
    by_source.amount as by_source,
    in_total.amount as in_total
from by_source
cross join in_total
where abs(by_source.amount - in_total.amount) >= 0.5
