-- One row per opportunity in pipeline and touch that could have influenced it: a human response of
-- a person who has a role on it, or had it until later, or belonged to its account at the time, and
-- who was not excluded then. How near the touch must be is for the definitions; attribution reads
-- the same rows.
with

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

person_accounts as (

    select * from {{ ref('int_person_account') }}

),

companies as (

    select * from {{ ref('int_company') }}

),

touches as (

    select * from {{ ref('int_touch') }}
    where is_response
        and is_human
        and person_id is not null

),

exclusions as (

    select * from {{ ref('int_exclusion') }}
    where subject = 'person'

),

-- Before a company had its Salesforce account its people belonged to the company.
accounts as (

    select
        opportunity_id,
        account_id
    from opportunities

    union all

    select
        opportunities.opportunity_id,
        companies.account_id
    from opportunities
    inner join companies on opportunities.account_id = companies.succeeded_by

),

-- Who is both on the opportunity and in its account stands here once, and is in one account at a
-- time, so each touch is one row. Whose role was taken off is in the account alone from then on.
people as (

    select
        opportunities.opportunity_id,
        roles.person_id,
        cast(null as timestamp) as valid_from,
        roles.taken_off_at as valid_to
    from opportunities
    inner join roles on opportunities.opportunity_id = roles.opportunity_id

    union all

    select
        accounts.opportunity_id,
        person_accounts.person_id,
        case
            when roles.taken_off_at > person_accounts.valid_from then roles.taken_off_at
            else person_accounts.valid_from
        end as valid_from,
        person_accounts.valid_to
    from accounts
    inner join person_accounts on accounts.account_id = person_accounts.account_id
    left join roles
        on accounts.opportunity_id = roles.opportunity_id
            and person_accounts.person_id = roles.person_id
    where roles.person_id is null
        or roles.taken_off_at is not null

),

eligible as (

    select
        people.opportunity_id,
        touches.touch_id,
        touches.person_id,
        touches.touched_at,
        touches.team,
        touches.channel
    from people
    inner join touches
        on people.person_id = touches.person_id
            and (people.valid_from <= touches.touched_at or people.valid_from is null)
            and (people.valid_to > touches.touched_at or people.valid_to is null)

),

not_excluded as (

    select
        eligible.opportunity_id,
        eligible.touch_id,
        eligible.touched_at,
        eligible.team,
        eligible.channel
    from eligible
    left join exclusions
        on eligible.person_id = exclusions.subject_id
            and (eligible.touched_at >= exclusions.valid_from or exclusions.valid_from is null)
            and (eligible.touched_at < exclusions.valid_to or exclusions.valid_to is null)
    where exclusions.subject_id is null

)

select * from not_excluded
