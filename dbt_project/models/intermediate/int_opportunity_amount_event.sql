-- One row per amount that an opportunity has had, in its currency, from the moment it was given.
-- Witnesses as for stages: stage history, field history for what it lacks, the record for the rest.
with

run as (

    select * from {{ ref('run') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

witnessed as (

    select * from {{ ref('int_opportunity_history') }}
    where field = 'amount'

),

currencies as (

    select
        opportunity_id,
        currency,
        row_number() over (
            partition by opportunity_id order by changed_at, witness_id
        ) as position
    from witnessed
    where currency is not null

),

-- Of what is witnessed only later, a change tells what it replaced.
witnessed_later as (

    select
        witnessed.opportunity_id,
        case when witnessed.is_replaced then {{ as_number('witnessed.value') }} end as amount,
        row_number() over (
            partition by witnessed.opportunity_id
            order by witnessed.changed_at, witnessed.witness_id
        ) as position
    from witnessed
    inner join run on witnessed.changed_at > run.as_of

),

-- Before the first currency that is known, amounts were in that one.
witnessed_by_now as (

    select
        witnessed.opportunity_id,
        witnessed.changed_at,
        {{ as_number('witnessed.value') }} as amount,
        coalesce(witnessed.currency, currencies.currency, opportunities.currency) as currency,
        witnessed.witness_id,
        false as is_inferred
    from witnessed
    left join currencies
        on witnessed.opportunity_id = currencies.opportunity_id and currencies.position = 1
    inner join opportunities on witnessed.opportunity_id = opportunities.opportunity_id
    inner join run on witnessed.changed_at <= run.as_of

),

newest as (

    select
        witnessed_by_now.*,
        row_number() over (
            partition by opportunity_id
            order by changed_at desc, witness_id desc
        ) as position
    from witnessed_by_now

),

-- No history by now: what the first later change replaced, or the record where there is none.
unwitnessed as (

    select
        opportunities.opportunity_id,
        opportunities.created_at as changed_at,
        case
            when witnessed_later.opportunity_id is null then opportunities.amount
            else witnessed_later.amount
        end as amount,
        coalesce(currencies.currency, opportunities.currency) as currency,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        true as is_inferred
    from opportunities
    left join newest on opportunities.opportunity_id = newest.opportunity_id
    left join witnessed_later
        on opportunities.opportunity_id = witnessed_later.opportunity_id
            and witnessed_later.position = 1
    left join currencies
        on opportunities.opportunity_id = currencies.opportunity_id and currencies.position = 1
    where newest.opportunity_id is null

),

-- The record says another amount than its history: the change itself was not seen.
unseen as (

    select
        opportunities.opportunity_id,
        opportunities.modified_at as changed_at,
        opportunities.amount,
        opportunities.currency,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        true as is_inferred
    from opportunities
    inner join run on opportunities.modified_at <= run.as_of
    inner join newest
        on opportunities.opportunity_id = newest.opportunity_id
            and newest.position = 1
            and opportunities.modified_at > newest.changed_at
    where opportunities.amount is distinct from newest.amount
        or opportunities.currency is distinct from newest.currency

),

all_amounts as (

    select * from witnessed_by_now

    union all

    select * from unwitnessed

    union all

    select * from unseen

),

compared as (

    select
        all_amounts.*,
        row_number() over (
            partition by opportunity_id
            order by changed_at, is_inferred, witness_id
        ) as position,
        lag(amount) over (
            partition by opportunity_id
            order by changed_at, is_inferred, witness_id
        ) as previous_amount,
        lag(currency) over (
            partition by opportunity_id
            order by changed_at, is_inferred, witness_id
        ) as previous_currency
    from all_amounts

),

changes as (

    select
        opportunity_id,
        changed_at,
        amount,
        currency,
        is_inferred,
        cast(
            row_number() over (
                partition by opportunity_id
                order by position
            ) as bigint
        ) as sequence
    from compared
    where position = 1
        or previous_amount is distinct from amount
        or previous_currency is distinct from currency

),

until_the_next as (

    select
        changes.*,
        lead(changed_at) over (partition by opportunity_id order by sequence) as changed_until
    from changes

)

select * from until_the_next
