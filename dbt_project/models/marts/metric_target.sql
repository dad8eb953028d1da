-- What was promised for the quarters that a reader can choose. Targets are for everybody's figures,
-- not for a segment, region or source.
with

targets as (

    select * from {{ ref('target') }}

),

quarters as (

    select * from {{ ref('period') }}
    where compare = 'current' and period in ('this_quarter', 'last_quarter')

)

select
    quarters.period,
    targets.metric,
    targets.team,
    targets.quarter_start,
    cast(targets.target as {{ double_type() }}) as target,
    targets.unit
from targets
inner join quarters
    on targets.quarter_start = quarters.starts_on
