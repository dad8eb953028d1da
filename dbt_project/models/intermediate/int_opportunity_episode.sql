-- One row per opportunity whose linked person has an episode: the one that stands nearest before
-- the opportunity's creation, else the first one after it.
--
-- Linked is the person of the converted lead, else of the primary contact role, else of the
-- earliest role, as they were when the deal was accepted into pipeline; as they came to be later
-- only when there was nobody. So whom somebody adds or takes off afterwards moves no pipeline of
-- the past.
-- Whether the episode is near enough to have led to the opportunity is for the definitions.
with

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

hand_raises as (

    select * from {{ ref('int_signal') }}
    where is_hand_raise

),

ranked_roles as (

    select
        roles.*,
        rank() over (
            partition by opportunity_id
            order by
                link_turn,
                case link
                    when 'converted_lead' then 1
                    when 'primary_role' then 2
                    else 3
                end,
                case when link = 'role' then linked_at end
        ) as position
    from roles

),

linked_people as (

    select
        ranked_roles.opportunity_id,
        ranked_roles.person_id,
        ranked_roles.link,
        opportunities.created_at
    from ranked_roles
    inner join opportunities on ranked_roles.opportunity_id = opportunities.opportunity_id
    where ranked_roles.position = 1

),

-- The newest hand-raise before the opportunity, within the episode.
raised as (

    select
        linked_people.opportunity_id,
        episodes.episode_id,
        max(hand_raises.signal_at) as hand_raised_at
    from linked_people
    inner join episodes on linked_people.person_id = episodes.person_id
    inner join hand_raises
        on episodes.person_id = hand_raises.person_id
            and episodes.opened_at <= hand_raises.signal_at
            and (episodes.closed_at >= hand_raises.signal_at or episodes.closed_at is null)
            and linked_people.created_at >= hand_raises.signal_at
    group by 1, 2

),

candidates as (

    select
        linked_people.opportunity_id,
        linked_people.created_at,
        linked_people.link,
        episodes.person_id,
        episodes.episode_id,
        episodes.mql_at,
        coalesce(episodes.mql_at, raised.hand_raised_at) as stands_at,
        case
            when raised.hand_raised_at is null then episodes.mql_at
            when episodes.mql_at > raised.hand_raised_at
                and episodes.mql_at <= linked_people.created_at then episodes.mql_at
            else raised.hand_raised_at
        end as led_at
    from linked_people
    inner join episodes on linked_people.person_id = episodes.person_id
    left join raised
        on linked_people.opportunity_id = raised.opportunity_id
            and episodes.episode_id = raised.episode_id
    where episodes.mql_at is not null
        or raised.hand_raised_at is not null

),

ranked as (

    select
        candidates.*,
        row_number() over (
            partition by opportunity_id
            order by
                case when led_at <= created_at then 0 else 1 end,
                case when led_at <= created_at then stands_at end desc,
                stands_at,
                episode_id asc
        ) as position
    from candidates

),

nearest as (

    select
        opportunity_id,
        episode_id,
        person_id,
        link,
        mql_at,
        led_at
    from ranked
    where position = 1

)

select * from nearest
