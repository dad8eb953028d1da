-- One row per stream of both sources: whether it could be read, how far it is complete, how much
-- there is. How old that is, is judged when the page is read.
with

loads as (

    select * from {{ ref('stg_onefunnel__stream_load') }}

),

this_run as (

    select * from {{ ref('run') }}

)

select
    loads.source,
    loads.stream,
    loads.status,
    loads.rows_landed,
    loads.total_rows,
    loads.requests,
    loads.window_end,
    loads.last_batch_at,
    cast({{ dbt.datediff('loads.window_end', 'this_run.as_of', 'minute') }} as bigint)
        as minutes_behind
from loads
cross join this_run
