-- What was known of a person at each moment of an attempt at which an MQL could come true: at every
-- signal, and whenever account, fit, exclusion or open opportunity changed. Facts only, as of then.
with

run as (

    select * from {{ ref('run') }}

),

episodes as (

    select * from {{ ref('int_episode') }}

),

signals as (

    select * from {{ ref('int_episode_signal') }}

),

person_accounts as (

    select * from {{ ref('int_person_account') }}

),

icp as (

    select * from {{ ref('icp') }}

),

customers as (

    select * from {{ ref('int_account_customer') }}

),

roles as (

    select * from {{ ref('int_opportunity_role') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

open_opportunities as (

    select * from {{ ref('int_person_open_opportunity') }}

),

exclusions as (

    select
        subject_id as person_id,
        reason,
        coalesce(valid_from, cast('0001-01-01' as timestamp)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as timestamp)) as valid_to
    from {{ ref('int_exclusion') }}
    where subject = 'person'

),

person_icp as (

    select
        person_accounts.person_id,
        person_accounts.account_id,
        greatest(person_accounts.valid_from, coalesce(icp.valid_from, person_accounts.valid_from))
            as valid_from,
        least(
            coalesce(person_accounts.valid_to, cast('9999-12-31' as timestamp)),
            coalesce(icp.valid_to, cast('9999-12-31' as timestamp))
        ) as valid_to,
        icp.fit,
        icp.tier,
        icp.segment,
        icp.region
    from person_accounts
    left join icp
        on person_accounts.account_id = icp.account_id
            and icp.valid_from
            < coalesce(person_accounts.valid_to, cast('9999-12-31' as timestamp))
            and coalesce(icp.valid_to, cast('9999-12-31' as timestamp))
            > person_accounts.valid_from

),

changes as (

    select
        person_id,
        valid_from as changed_at
    from person_icp
    union
    select
        person_id,
        valid_to as changed_at
    from person_icp
    union
    select
        person_id,
        valid_to as changed_at
    from exclusions
    union
    select
        person_id,
        open_to as changed_at
    from open_opportunities

),

moments as (

    select
        episode_id,
        person_id,
        signal_at as moment_at
    from signals
    union
    select
        episodes.episode_id,
        episodes.person_id,
        changes.changed_at as moment_at
    from episodes
    cross join run
    inner join changes
        on episodes.person_id = changes.person_id
            and episodes.opened_at < changes.changed_at
            and changes.changed_at < coalesce(episodes.closed_at, run.as_of)

),

-- A person belongs to one account at a time, and an account has one fit at a time.
with_account as (

    select
        moments.episode_id,
        moments.moment_at,
        person_icp.account_id,
        person_icp.fit as icp_fit,
        person_icp.tier as icp_tier,
        person_icp.segment,
        person_icp.region
    from moments
    left join person_icp
        on moments.person_id = person_icp.person_id
            and moments.moment_at >= person_icp.valid_from
            and moments.moment_at < person_icp.valid_to

),

own_opportunities as (

    select
        episodes.episode_id,
        roles.opportunity_id,
        opportunities.created_at
    from episodes
    inner join roles on episodes.person_id = roles.person_id
    inner join opportunities on roles.opportunity_id = opportunities.opportunity_id

),

-- The win of a deal bears the day that the CRM gives it, often an earlier one than what led to the
-- deal. So of a person's own deal it counts after the deal was created: what led to it was no
-- customer's, a later hand-raise is.
at_customers as (

    select distinct
        with_account.episode_id,
        with_account.moment_at
    from with_account
    inner join customers
        on with_account.account_id = customers.account_id
            and with_account.moment_at >= customers.customer_from
    left join own_opportunities
        on with_account.episode_id = own_opportunities.episode_id
            and customers.opportunity_id = own_opportunities.opportunity_id
    where own_opportunities.opportunity_id is null
        or with_account.moment_at > own_opportunities.created_at

),

in_opportunities as (

    select distinct
        moments.episode_id,
        moments.moment_at
    from moments
    inner join open_opportunities
        on moments.person_id = open_opportunities.person_id
            and moments.moment_at >= open_opportunities.open_from
            and moments.moment_at
            < coalesce(open_opportunities.open_to, cast('9999-12-31' as timestamp))

),

excluded as (

    select
        moments.episode_id,
        moments.moment_at,
        min(exclusions.reason) as exclusion_reason
    from moments
    inner join exclusions
        on moments.person_id = exclusions.person_id
            and moments.moment_at >= exclusions.valid_from
            and moments.moment_at < exclusions.valid_to
    group by 1, 2

),

known as (

    select
        with_account.episode_id,
        with_account.moment_at,
        with_account.account_id,
        coalesce(with_account.icp_fit, 'insufficient_data') as icp_fit,
        with_account.icp_tier,
        coalesce(with_account.segment, 'Unknown') as segment,
        coalesce(with_account.region, 'Unknown') as region,
        at_customers.episode_id is not null as is_customer,
        in_opportunities.episode_id is not null as has_open_opportunity,
        excluded.exclusion_reason
    from with_account
    left join at_customers
        on with_account.episode_id = at_customers.episode_id
            and with_account.moment_at = at_customers.moment_at
    left join in_opportunities
        on with_account.episode_id = in_opportunities.episode_id
            and with_account.moment_at = in_opportunities.moment_at
    left join excluded
        on with_account.episode_id = excluded.episode_id
            and with_account.moment_at = excluded.moment_at

)

select * from known
