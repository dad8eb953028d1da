-- The part in a purchase and the seniority that each title stands for, judged once per title.
with

people as (

    select distinct title from {{ ref('int_person') }}
    where title is not null

),

patterns as (

    select
        priority,
        ' ' || lower(trim(pattern)) || ' ' as pattern,
        nullif(trim(buying_role), '') as buying_role,
        nullif(trim(seniority), '') as seniority
    from {{ ref('buying_role') }}

),

worded as (

    select
        title,
        ' ' || {{ words('title') }} || ' ' as words
    from people

),

matched as (

    select
        worded.title,
        min(case when patterns.buying_role is not null then patterns.priority end) as role_priority,
        min(case when patterns.seniority is not null then patterns.priority end)
            as seniority_priority
    from worded
    inner join patterns on replace(worded.words, patterns.pattern, '') <> worded.words
    group by 1

),

named as (

    select
        matched.title,
        roles.buying_role,
        seniorities.seniority
    from matched
    left join patterns as roles on matched.role_priority = roles.priority
    left join patterns as seniorities on matched.seniority_priority = seniorities.priority

)

select * from named
