-- One row per source as the pages show it: the team behind it and its place in lists. A source that
-- is called as the long tail is shares its row, which then is of no single team.
with

shown_sources as (

    select * from {{ ref('int_source_shown') }}

)

select
    shown_source as source,
    case when count(distinct team) > 1 then 'various' else min(team) end as team,
    max(case when is_gap then 1 else 0 end) = 1 as is_gap,
    cast(count(*) as bigint) as sources,
    cast(sum(records) as bigint) as records,
    cast(min(source_rank) as bigint) as source_rank
from shown_sources
group by 1
