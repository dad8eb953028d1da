-- The names that a form had, one row each, and when: a submission counts by the name of its time.
with

versions as (

    select * from {{ ref('stg_hubspot__form') }}

),

dated as (

    select
        form_id,
        form_name,
        coalesce(modified_at, source_modified_at, extracted_at) as named_at,
        lag(form_name) over (partition by form_id order by version_rank desc) as former_name,
        row_number() over (partition by form_id order by version_rank desc) as place
    from versions

),

changes as (

    select
        form_id,
        form_name,
        case when place = 1 then {{ far_past() }} else named_at end as starts_at
    from dated
    where place = 1
        or form_name <> former_name

),

periods as (

    select
        form_id,
        form_name,
        starts_at,
        coalesce(
            lead(starts_at) over (partition by form_id order by starts_at), {{ far_future() }}
        ) as ends_at
    from changes

)

select * from periods
