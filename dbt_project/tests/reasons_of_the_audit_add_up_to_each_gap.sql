-- What a system counts less what the shared definition counts is explained to the last record, and
-- each record that only one side counts has one reason.
{{ config(severity='error') }}

with

counts as (

    select * from {{ ref('audit_count') }}

),

explained as (

    select
        period,
        definition,
        sum(counts) as records,
        sum(case when counts = 1 then 1 else 0 end) as only_there,
        sum(case when counts = -1 then 1 else 0 end) as only_shared
    from {{ ref('audit_difference') }}
    where reason is not null
    group by 1, 2

)

select
    counts.period,
    counts.definition,
    counts.gap,
    explained.records
from counts
left join explained
    on counts.period = explained.period
        and counts.definition = explained.definition
where counts.gap <> coalesce(explained.records, 0)
    or counts.counted - counts.in_both <> coalesce(explained.only_there, 0)
    or counts.shared - counts.in_both <> coalesce(explained.only_shared, 0)
