-- One row per stream of both sources: when it was last read and how much of it landed.
with

source as (

    select * from {{ source('onefunnel', 'stream_load') }}

)

select
    source,
    stream,
    status,
    cast(rows_landed as bigint) as rows_landed,
    cast(total_rows as bigint) as total_rows,
    cast(requests as bigint) as requests,
    window_end,
    last_batch_at
from source
