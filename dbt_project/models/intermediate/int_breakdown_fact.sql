-- One row per thing that a breakdown counts, on the day (reporting zone) to which it belongs: what
-- `breakdown_slice` sums by category for each choice of the pages' filters.
--
-- To add a breakdown, add a branch to one of the models read in "facts", or a model of your own
-- that gives these columns, and say what it means in breakdown_slice.yml. numerator: what the row
-- adds, 1 for a count, or an amount. denominator: only for rates. duration_days: only for medians.
-- category_rank: only where categories have an order of their own; others are ranked by size and
-- their tail becomes `Other`.
with

shown_sources as (

    select * from {{ ref('int_source_shown') }}

),

facts as (

    {% for kind in ['campaign', 'handoff', 'icp', 'loss'] %}
        select
            breakdown,
            subject_id,
            category,
            category_rank,
            occurred_on,
            segment,
            region,
            source,
            numerator,
            denominator,
            duration_days
        from {{ ref('int_' ~ kind ~ '_breakdown') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    facts.breakdown,
    facts.subject_id,
    coalesce(facts.category, 'Unknown') as category,
    cast(facts.category_rank as bigint) as category_rank,
    facts.occurred_on,
    coalesce(facts.segment, 'Unknown') as segment,
    coalesce(facts.region, 'Unknown') as region,
    shown_sources.shown_source as source,
    cast(facts.numerator as numeric(28, 6)) as numerator,
    cast(facts.denominator as numeric(28, 6)) as denominator,
    cast(facts.duration_days as bigint) as duration_days
from facts
inner join shown_sources
    on coalesce(facts.source, 'Unknown') = shown_sources.source
where facts.occurred_on is not null
