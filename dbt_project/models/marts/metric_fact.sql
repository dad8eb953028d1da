-- One row per thing that a metric counts: what `metric_slice` and the pages sum up, for those who
-- ask in their own way. The semantic models of `metrics.yml` read it, so `mf query` and BI tools
-- give the figures of the pages.
with

facts as (

    select * from {{ ref('int_metric_fact') }}

)

select
    metric,
    subject_id,
    occurred_on,
    segment,
    region,
    source,
    cast(numerator as {{ double_type() }}) as numerator,
    cast(denominator as {{ double_type() }}) as denominator,
    cast(duration_days as {{ double_type() }}) as duration_days
from facts
