-- One row per opportunity: its account, owner, fit and exclusion at the time when it entered
-- pipeline (or was created, if it never did), and the moves of its close date since.
with

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

person_accounts as (

    select * from {{ ref('int_person_account') }}

),

fits as (

    select * from {{ ref('icp') }}

),

companies as (

    select * from {{ ref('int_company') }}

),

exclusions as (

    select * from {{ ref('int_exclusion') }}
    where subject = 'opportunity'

),

owners as (

    select * from {{ ref('int_opportunity_owner_event') }}

),

close_date_changes as (

    select * from {{ ref('int_opportunity_close_date_event') }}

),

moments as (

    select
        opportunities.opportunity_id,
        opportunities.account_id,
        opportunities.created_at,
        coalesce(progress.accepted_at, opportunities.created_at) as judged_at
    from opportunities
    inner join progress on opportunities.opportunity_id = progress.opportunity_id

),

-- An opportunity without an account belongs to the account of its first person.
accounts_of_people as (

    select
        moments.opportunity_id,
        person_accounts.account_id,
        row_number() over (
            partition by moments.opportunity_id
            order by
                roles.link_turn,
                case
                    when roles.link = 'converted_lead' then 1
                    when roles.link = 'primary_role' then 2
                    else 3
                end,
                roles.linked_at,
                roles.person_id,
                person_accounts.account_id
        ) as position
    from moments
    inner join roles on moments.opportunity_id = roles.opportunity_id
    inner join person_accounts
        on roles.person_id = person_accounts.person_id
            and moments.created_at >= person_accounts.valid_from
            and (moments.created_at < person_accounts.valid_to or person_accounts.valid_to is null)
    where moments.account_id is null

),

with_account as (

    select
        moments.opportunity_id,
        coalesce(moments.account_id, accounts_of_people.account_id) as account_id,
        moments.judged_at
    from moments
    left join accounts_of_people
        on moments.opportunity_id = accounts_of_people.opportunity_id
            and accounts_of_people.position = 1

),

-- The account; before a company had its Salesforce account, that company too.
accounts_then as (

    select
        opportunity_id,
        account_id,
        judged_at,
        0 as preference,
        cast(null as timestamp) as created_at
    from with_account

    union all

    select
        with_account.opportunity_id,
        companies.account_id,
        with_account.judged_at,
        1 as preference,
        companies.created_at
    from with_account
    inner join companies
        on with_account.account_id = companies.succeeded_by
            and with_account.judged_at < companies.succeeded_at

),

fits_then as (

    select
        accounts_then.opportunity_id,
        fits.fit,
        fits.tier,
        fits.segment,
        fits.region,
        row_number() over (
            partition by accounts_then.opportunity_id
            order by
                accounts_then.preference,
                accounts_then.created_at,
                accounts_then.account_id
        ) as position
    from accounts_then
    inner join fits
        on accounts_then.account_id = fits.account_id
            and accounts_then.judged_at >= fits.valid_from
            and (accounts_then.judged_at < fits.valid_to or fits.valid_to is null)

),

-- The owner then; an assignment after it only when nothing earlier is known.
owners_then as (

    select
        with_account.opportunity_id,
        owners.owner_id,
        row_number() over (
            partition by with_account.opportunity_id
            order by
                case when owners.owned_at <= with_account.judged_at then 0 else 1 end,
                case when owners.owned_at <= with_account.judged_at then owners.sequence end desc,
                owners.sequence
        ) as position
    from with_account
    inner join owners on with_account.opportunity_id = owners.opportunity_id

),

excluded as (

    select
        with_account.opportunity_id,
        min(exclusions.reason) as exclusion_reason
    from with_account
    inner join exclusions
        on with_account.opportunity_id = exclusions.subject_id
            and (with_account.judged_at >= exclusions.valid_from or exclusions.valid_from is null)
            and (with_account.judged_at < exclusions.valid_to or exclusions.valid_to is null)
    group by 1

),

close_date_moves as (

    select
        opportunity_id,
        sum(case when is_push then 1 else 0 end) as pushes,
        sum(case when is_slip then 1 else 0 end) as slips
    from close_date_changes
    group by 1

),

context as (

    select
        with_account.opportunity_id,
        with_account.account_id,
        with_account.judged_at,
        owners_then.owner_id,
        excluded.exclusion_reason,
        coalesce(fits_then.fit, 'insufficient_data') as icp_fit,
        fits_then.tier as icp_tier,
        coalesce(fits_then.segment, 'Unknown') as segment,
        coalesce(fits_then.region, 'Unknown') as region,
        cast(coalesce(close_date_moves.pushes, 0) as bigint) as pushes,
        cast(coalesce(close_date_moves.slips, 0) as bigint) as slips
    from with_account
    left join owners_then
        on with_account.opportunity_id = owners_then.opportunity_id
            and owners_then.position = 1
    left join excluded on with_account.opportunity_id = excluded.opportunity_id
    left join fits_then
        on with_account.opportunity_id = fits_then.opportunity_id
            and fits_then.position = 1
    left join close_date_moves on with_account.opportunity_id = close_date_moves.opportunity_id

)

select * from context
