-- One row per moment at which a history of either system says what an opportunity's stage, amount,
-- close date or owner was. Salesforce's field history speaks only for what its stage history
-- lacks. A deal of HubSpot has the currency that it had at the time.
with

stage_history as (

    select * from {{ ref('stg_salesforce__opportunity_history') }}

),

field_history as (

    select * from {{ ref('stg_salesforce__opportunity_field_history') }}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunity') }}

),

deal_history as (

    select * from {{ ref('stg_hubspot__deal_history') }}

),

saved_states as (

    select
        opportunity_id,
        'stage' as field,
        created_at as changed_at,
        stage_name as value,
        currency,
        history_id as witness_id
    from stage_history

    union all

    select
        opportunity_id,
        'amount' as field,
        created_at as changed_at,
        cast(amount as {{ dbt.type_string() }}) as value,
        currency,
        history_id as witness_id
    from stage_history

    union all

    select
        opportunity_id,
        'close_date' as field,
        created_at as changed_at,
        cast(close_date as {{ dbt.type_string() }}) as value,
        currency,
        history_id as witness_id
    from stage_history

),

stage_history_begins as (

    select
        opportunity_id,
        min(created_at) as begins_at
    from stage_history
    group by 1

),

-- A change of owner leaves a row with names and one with ids: the ids are read.
tracked_fields as (

    select
        field_history.*,
        case
            when field = 'StageName' then 'stage'
            when field = 'Amount' then 'amount'
            when field = 'CloseDate' then 'close_date'
            when new_value like '005%' or new_value like '00G%' then 'owner'
        end as tracked_field
    from field_history
    where field in ('StageName', 'Amount', 'CloseDate', 'Owner', 'OwnerId')

),

field_changes as (

    select
        tracked_fields.history_id,
        tracked_fields.opportunity_id,
        tracked_fields.tracked_field as field,
        tracked_fields.created_at as changed_at,
        tracked_fields.old_value,
        tracked_fields.new_value,
        row_number() over (
            partition by tracked_fields.opportunity_id, tracked_fields.tracked_field
            order by tracked_fields.created_at, tracked_fields.history_id
        ) as position
    from tracked_fields
    left join stage_history_begins
        on tracked_fields.opportunity_id = stage_history_begins.opportunity_id
            and tracked_fields.tracked_field <> 'owner'
    where tracked_fields.tracked_field is not null
        and (
            stage_history_begins.begins_at is null
            or tracked_fields.created_at < stage_history_begins.begins_at
        )

),

-- A row "created" says that fields were tracked from the beginning.
tracked_since_creation as (

    select distinct opportunity_id
    from field_history
    where field = 'created'

),

-- The old value of the first change was true since creation, or since whenever tracking began.
before_first_change as (

    select
        field_changes.opportunity_id,
        field_changes.field,
        case
            when field_changes.field = 'owner' then opportunities.created_at
            when tracked_since_creation.opportunity_id is not null then opportunities.created_at
            else field_changes.changed_at
        end as changed_at,
        field_changes.old_value as value,
        concat('!', field_changes.history_id) as witness_id,
        true as is_replaced
    from field_changes
    inner join opportunities on field_changes.opportunity_id = opportunities.opportunity_id
    left join tracked_since_creation
        on field_changes.opportunity_id = tracked_since_creation.opportunity_id
    where field_changes.position = 1

),

deal_fields as (

    select
        deal_id as opportunity_id,
        case
            when property = 'dealstage' then 'stage'
            when property = 'amount' then 'amount'
            when property = 'closedate' then 'close_date'
            when property = 'hubspot_owner_id' then 'owner'
            when property = 'deal_currency_code' then 'currency'
        end as field,
        changed_at,
        value,
        lead(changed_at) over (
            partition by deal_id, property
            order by changed_at, value
        ) as changed_until
    from deal_history
    where
        property
        in ('dealstage', 'amount', 'closedate', 'hubspot_owner_id', 'deal_currency_code')

),

-- Another currency makes another amount of the same number.
deal_amount_moments as (

    select
        opportunity_id,
        changed_at
    from deal_fields
    where field in ('amount', 'currency')
    group by 1, 2

),

deal_amounts as (

    select
        moments.opportunity_id,
        moments.changed_at,
        amounts.value,
        currencies.value as currency
    from deal_amount_moments as moments
    inner join deal_fields as amounts
        on moments.opportunity_id = amounts.opportunity_id
            and amounts.field = 'amount'
            and moments.changed_at >= amounts.changed_at
            and (moments.changed_at < amounts.changed_until or amounts.changed_until is null)
    left join deal_fields as currencies
        on moments.opportunity_id = currencies.opportunity_id
            and currencies.field = 'currency'
            and moments.changed_at >= currencies.changed_at
            and (moments.changed_at < currencies.changed_until or currencies.changed_until is null)

),

witnesses as (

    select
        opportunity_id,
        field,
        changed_at,
        value,
        currency,
        witness_id,
        false as is_replaced
    from saved_states

    union all

    select
        opportunity_id,
        field,
        changed_at,
        new_value as value,
        cast(null as {{ dbt.type_string() }}) as currency,
        history_id as witness_id,
        false as is_replaced
    from field_changes

    union all

    select
        opportunity_id,
        field,
        changed_at,
        value,
        cast(null as {{ dbt.type_string() }}) as currency,
        witness_id,
        is_replaced
    from before_first_change

    union all

    select
        opportunity_id,
        field,
        changed_at,
        value,
        cast(null as {{ dbt.type_string() }}) as currency,
        value as witness_id,
        false as is_replaced
    from deal_fields
    where field in ('stage', 'close_date', 'owner')

    union all

    select
        opportunity_id,
        'amount' as field,
        changed_at,
        value,
        currency,
        value as witness_id,
        false as is_replaced
    from deal_amounts

)

select * from witnesses
