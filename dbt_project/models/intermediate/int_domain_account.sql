-- The accounts that share an e-mail domain, ranked at each moment at which the order may change:
-- Salesforce before HubSpot, with an open opportunity, customer, oldest. All candidates are kept;
-- `candidate_rank` 1 is the one that people of the domain belong to.
with

accounts as (

    select * from {{ ref('int_account') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

closed as (

    select
        opportunity_id,
        entered_at as closed_at
    from {{ ref('int_opportunity_progress') }}
    where not is_open

),

customers as (

    select * from {{ ref('int_account_customer') }}

),

candidates as (

    select
        account_id,
        domain,
        system,
        created_at,
        least(succeeded_at, deleted_at) as ended_at
    from accounts
    where domain is not null and system <> 'domain'

),

open_opportunities as (

    select
        candidates.domain,
        candidates.account_id,
        opportunities.created_at as opened_at,
        least(closed.closed_at, opportunities.deleted_at) as closed_at
    from candidates
    inner join opportunities on candidates.account_id = opportunities.account_id
    left join closed on opportunities.opportunity_id = closed.opportunity_id

),

customer_from as (

    select
        candidates.domain,
        candidates.account_id,
        min(customers.customer_from) as customer_from
    from candidates
    inner join customers on candidates.account_id = customers.account_id
    group by 1, 2

),

moments as (

    select
        domain,
        created_at as valid_from
    from candidates
    union
    select
        domain,
        ended_at as valid_from
    from candidates
    where ended_at is not null
    union
    select
        domain,
        opened_at as valid_from
    from open_opportunities
    union
    select
        domain,
        closed_at as valid_from
    from open_opportunities
    where closed_at is not null
    union
    select
        domain,
        customer_from as valid_from
    from customer_from

),

periods as (

    select
        domain,
        valid_from,
        lead(valid_from) over (partition by domain order by valid_from) as valid_to
    from moments

),

open_in_period as (

    select distinct
        periods.domain,
        periods.valid_from,
        open_opportunities.account_id
    from periods
    inner join open_opportunities
        on
            periods.domain = open_opportunities.domain
            and periods.valid_from >= open_opportunities.opened_at
            and (
                open_opportunities.closed_at is null
                or periods.valid_from < open_opportunities.closed_at
            )

),

ranked as (

    select
        periods.domain,
        candidates.account_id,
        periods.valid_from,
        periods.valid_to,
        open_in_period.account_id is not null as has_open_opportunity,
        coalesce(customer_from.customer_from <= periods.valid_from, false) as is_customer,
        row_number() over (
            partition by periods.domain, periods.valid_from
            order by
                case candidates.system when 'salesforce' then 0 else 1 end,
                case when open_in_period.account_id is not null then 0 else 1 end,
                case when customer_from.customer_from <= periods.valid_from then 0 else 1 end,
                candidates.created_at,
                candidates.account_id
        ) as candidate_rank
    from periods
    inner join candidates
        on
            periods.domain = candidates.domain
            and periods.valid_from >= candidates.created_at
            and (candidates.ended_at is null or periods.valid_from < candidates.ended_at)
    left join open_in_period
        on
            periods.domain = open_in_period.domain
            and periods.valid_from = open_in_period.valid_from
            and candidates.account_id = open_in_period.account_id
    left join customer_from on candidates.account_id = customer_from.account_id

)

select * from ranked
