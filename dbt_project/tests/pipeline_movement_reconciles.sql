-- Every deal's movement adds up, and what is open at the end of the periods that end today is what
-- the definitions say is open now.
with

movement as (

    select * from {{ ref('pipeline_movement') }}

),

open_now as (

    select count(*) as deals
    from {{ ref('win') }} as wins
    inner join {{ ref('opportunity') }} as opportunities
        on wins.opportunity_id = opportunities.opportunity_id
    where wins.outcome = 'open' and opportunities.is_pipeline

),

unexplained as (

    select
        opportunity_id || ' in ' || period as what,
        opening + created + pulled_in + reopened + amount_change
        - won - lost - removed - slipped - closing as remainder
    from movement

),

closing_deals as (

    select
        period,
        count(*) as deals
    from movement
    where went = 'closing' and period in ('last_30_days', 'last_90_days', 'all_time')
    group by 1

)

select
    what,
    remainder
from unexplained
where abs(remainder) > 0.01

union all

select
    'open deals at the end of ' || closing_deals.period as what,
    cast(closing_deals.deals - open_now.deals as numeric(28, 6)) as remainder
from closing_deals
cross join open_now
where closing_deals.deals <> open_now.deals
