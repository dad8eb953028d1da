-- One row per reason why an account is a customer, and since when: each won opportunity, and the
-- account's type (opportunity_id empty). An account is a customer from the earliest; the later
-- ones tell whether it would still be one if a win is set aside, as the MQL does for what led to
-- that very deal.
with

run as (

    select * from {{ ref('run') }}

),

accounts as (

    select * from {{ ref('stg_salesforce__account') }}

),

type_changes as (

    select
        account_id,
        old_value,
        new_value,
        created_at,
        row_number() over (partition by account_id order by created_at, history_id) as position
    from {{ ref('stg_salesforce__account_history') }}
    where field = 'Type'

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

stage_events as (

    select * from {{ ref('int_opportunity_stage_event') }}

),

companies as (

    select * from {{ ref('int_company') }}

),

account_records as (

    select * from {{ ref('int_account_record') }}
    where system = 'salesforce'

),

types as (

    select
        type_changes.account_id,
        type_changes.created_at as customer_from
    from type_changes
    where lower(type_changes.new_value) like 'customer%'

    union all

    select
        accounts.account_id,
        accounts.created_at as customer_from
    from accounts
    left join type_changes
        on accounts.account_id = type_changes.account_id
            and type_changes.position = 1
    where lower(
            case
                when type_changes.account_id is null then accounts.account_type
                else type_changes.old_value
            end
        ) like 'customer%'

),

won_now as (

    select opportunity_id
    from stage_events
    where is_current and kind = 'won'

),

-- A merged-away account made its survivor a customer when it became one itself; a deal that was
-- won, opened again and won again did so the first time.
reasons as (

    select
        coalesce(account_records.survivor_id, types.account_id) as account_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        min(types.customer_from) as customer_from
    from types
    left join account_records on types.account_id = account_records.record_id
    group by 1

    union all

    select
        opportunities.account_id,
        opportunities.opportunity_id,
        min(stage_events.entered_at) as customer_from
    from won_now
    inner join opportunities on won_now.opportunity_id = opportunities.opportunity_id
    inner join stage_events
        on won_now.opportunity_id = stage_events.opportunity_id
            and stage_events.kind = 'won'
    where opportunities.account_id is not null
    group by 1, 2

),

-- What a company bought before it had a Salesforce account is on that account now; it made the
-- company itself a customer then.
with_predecessors as (

    select
        account_id,
        opportunity_id,
        customer_from
    from reasons

    union all

    select
        companies.account_id,
        reasons.opportunity_id,
        reasons.customer_from
    from reasons
    inner join companies
        on reasons.account_id = companies.succeeded_by
            and reasons.customer_from < companies.succeeded_at

),

by_now as (

    select
        with_predecessors.account_id,
        with_predecessors.customer_from,
        with_predecessors.opportunity_id,
        row_number() over (
            partition by with_predecessors.account_id
            order by with_predecessors.customer_from, with_predecessors.opportunity_id
        ) = 1 as is_first
    from with_predecessors
    inner join run on with_predecessors.customer_from <= run.as_of

)

select * from by_now
