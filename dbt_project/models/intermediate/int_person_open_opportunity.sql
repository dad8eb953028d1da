-- When a person had a role on an open opportunity, one row a stay of it in an open stage.
-- An opportunity is open from its creation until the first stage that is known of it, also where
-- that is a later one; without any stage until it is deleted.
with

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

staged as (

    select
        opportunity_id,
        sequence,
        entered_at as open_from,
        lead(entered_at) over (partition by opportunity_id order by sequence) as open_to,
        kind in ('not_accepted', 'accepted', 'unmapped') as is_open
    from stage_events

),

stays as (

    select
        opportunity_id,
        open_from,
        open_to
    from staged
    where is_open
    union all
    select
        opportunities.opportunity_id,
        opportunities.created_at as open_from,
        staged.open_from as open_to
    from opportunities
    inner join staged
        on opportunities.opportunity_id = staged.opportunity_id
            and staged.sequence = 1
            and opportunities.created_at < staged.open_from
    union all
    select
        opportunities.opportunity_id,
        opportunities.created_at as open_from,
        opportunities.deleted_at as open_to
    from opportunities
    left join staged on opportunities.opportunity_id = staged.opportunity_id
    where staged.opportunity_id is null

),

of_people as (

    select
        roles.person_id,
        stays.opportunity_id,
        greatest(stays.open_from, roles.created_at) as open_from,
        case
            when roles.taken_off_at < coalesce(stays.open_to, {{ far_future() }})
                then roles.taken_off_at
            else stays.open_to
        end as open_to
    from stays
    inner join roles on stays.opportunity_id = roles.opportunity_id
    where roles.created_at < coalesce(stays.open_to, {{ far_future() }})
        and stays.open_from < coalesce(roles.taken_off_at, {{ far_future() }})

)

select * from of_people
