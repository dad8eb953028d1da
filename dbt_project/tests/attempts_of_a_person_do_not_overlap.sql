-- An attempt begins only after the former one of the same person has ended, and it never ends
-- before it begins.
with

ordered as (

    select
        episode_id,
        person_id,
        opened_at,
        closed_at,
        closed_by,
        lead(opened_at) over (partition by person_id order by attempt) as next_opened_at
    from {{ ref('mql') }}

)

select *
from ordered
where closed_at < opened_at
    or (closed_at is null) <> (closed_by is null)
    or next_opened_at < closed_at
    or (next_opened_at is not null and closed_at is null)
