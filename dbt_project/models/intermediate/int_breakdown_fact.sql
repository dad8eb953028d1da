-- What `breakdown_slice` sums by category for each choice of the pages' filters: one row per day
-- (reporting zone), category, segment, region and source of what a breakdown counts. Durations stay
-- one row each, since medians cannot be added up.
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

    select * from {{ ref('int_icp_breakdown') }}

    {% for kind in ['campaign', 'handoff', 'loss'] %}
        union all

        select
            breakdown,
            category,
            category_rank,
            occurred_on,
            segment,
            region,
            source,
            case when duration_days is not null then subject_id end as measured_id,
            duration_days,
            numerator,
            denominator,
            1 as records
        from {{ ref('int_' ~ kind ~ '_breakdown') }}
    {% endfor %}

)

-- Nobody is left out for want of a fact.
select
    facts.breakdown,
    coalesce(facts.category, 'Unknown') as category,
    facts.category_rank,
    facts.occurred_on,
    coalesce(facts.segment, 'Unknown') as segment,
    coalesce(facts.region, 'Unknown') as region,
    shown_sources.shown_source as source,
    facts.measured_id,
    facts.duration_days,
    sum(facts.numerator) as numerator,
    sum(facts.denominator) as denominator,
    sum(facts.records) as records
from facts
inner join shown_sources
    on coalesce(facts.source, 'Unknown') = shown_sources.source
where facts.occurred_on is not null
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
