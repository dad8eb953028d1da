-- The one `as_of` of this run: no model asks the clock.
with

this_run as (

    select * from {{ ref('stg_onefunnel__run') }}

)

select * from this_run
