-- No conversation, rejection or use of content is lost between the records and the weekly lists.
{{ config(severity='error') }}

with

lists as (

    select
        list,
        sum(records) as records
    from {{ ref('feedback_week') }}
    group by 1

),

noted as (

    select
        list,
        sum(case when is_counted then 1 else 0 end) as records
    from {{ ref('int_feedback_note') }}
    group by 1

),

rejections as (

    select
        'rejection_week' as list,
        (select count(*) from {{ ref('rejection') }})
        - (select coalesce(sum(records), 0) from {{ ref('rejection_week') }}) as records

),

differences as (

    select
        coalesce(lists.list, noted.list) as list,
        coalesce(lists.records, 0) - coalesce(noted.records, 0) as records
    from lists
    full outer join noted on lists.list = noted.list
    union all
    select * from rejections

)

select * from differences
where records <> 0
