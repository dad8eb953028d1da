-- One row per published figure of a closed month that a later release moved, and why. The release
-- adds those that it moves itself, when it compares its figures with what readers see until then.
with

restatements as (

    select * from {{ ref('stg_onefunnel__restatement') }}

)

select * from restatements
