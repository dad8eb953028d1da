-- One row per source: the team behind it and the name under which pages show it.
-- A long tail of sources becomes `Other`, so that a page stays readable and small; the sources that
-- say why something is missing keep their name.
with

agreed as (

    select
        12 as shown_sources,
        'Other' as tail_name

),

episodes as (

    select * from {{ ref('mql') }}

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

leads as (

    select * from {{ ref('lead') }}

),

named as (

    select
        coalesce(source, 'Unknown') as source,
        team
    from episodes

    union all

    select
        coalesce(source, 'Unknown') as source,
        team
    from pipeline_sources

    union all

    select
        coalesce(first_source, 'Unknown') as source,
        cast(null as varchar) as team
    from leads

),

-- A source has one team: a test of the mappings says so.
counted as (

    select
        source,
        min(team) as team,
        count(*) as records,
        case when source in ('Unknown', 'Not recorded', 'Unmapped') then 1 else 0 end as is_gap
    from named
    group by 1

),

ranked as (

    select
        source,
        team,
        records,
        is_gap,
        row_number() over (partition by is_gap order by records desc, source asc) as source_rank
    from counted

)

select
    ranked.source,
    case
        when ranked.is_gap = 0 and ranked.source_rank > agreed.shown_sources then agreed.tail_name
        else ranked.source
    end as shown_source,
    case
        when ranked.is_gap = 1 then 'unknown'
        when ranked.source_rank > agreed.shown_sources then 'various'
        else coalesce(ranked.team, 'unknown')
    end as team,
    cast(ranked.is_gap as integer) = 1 as is_gap,
    cast(ranked.source_rank as bigint) as source_rank,
    cast(ranked.records as bigint) as records
from ranked
cross join agreed
