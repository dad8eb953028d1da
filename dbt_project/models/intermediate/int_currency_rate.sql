-- One row per currency and validity: how much of it one unit of the reporting currency is worth.
-- Dated rates of the CRM come first; the seed fills only days that they leave open. Nothing else
-- does.
with

calendar as (

    select * from {{ ref('calendar') }}

),

currency_types as (

    select * from {{ ref('stg_salesforce__currency_type') }}

),

dated as (

    select
        upper(currency) as currency,
        conversion_rate as rate,
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('stg_salesforce__dated_conversion_rate') }}
    where not coalesce(is_deleted, false)
        and conversion_rate > 0

),

corporate as (

    select coalesce(max(upper(currency_types.currency)), max(calendar.currency)) as currency
    from calendar
    left join currency_types on currency_types.is_corporate

),

spans as (

    select
        currency,
        min(valid_from) as begins_on,
        max(valid_to) as ends_on
    from dated
    group by 1

),

filled_in as (

    select
        upper(currency) as currency,
        rate,
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('currency_rate') }}
    where rate > 0
        and upper(currency) not in (select corporate.currency from corporate)

    union all

    -- One unit of the corporate currency is one unit, also when no rate says so.
    select
        currency,
        cast(1 as numeric(28, 6)) as rate,
        cast('0001-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to
    from corporate

),

-- Before the first dated rate of a currency, and after the last.
open_days as (

    select
        filled_in.currency,
        filled_in.rate,
        filled_in.valid_from,
        case
            when spans.begins_on < filled_in.valid_to then spans.begins_on
            else filled_in.valid_to
        end as valid_to
    from filled_in
    left join spans on filled_in.currency = spans.currency

    union all

    select
        filled_in.currency,
        filled_in.rate,
        case
            when spans.ends_on > filled_in.valid_from then spans.ends_on
            else filled_in.valid_from
        end as valid_from,
        filled_in.valid_to
    from filled_in
    inner join spans on filled_in.currency = spans.currency

),

per_corporate_unit as (

    select * from dated

    union all

    select * from open_days
    where valid_from < valid_to

),

reporting as (

    select per_corporate_unit.*
    from per_corporate_unit
    inner join calendar on per_corporate_unit.currency = upper(calendar.currency)

),

-- When reports are not in the corporate currency, both rates of the day count.
per_reporting_unit as (

    select
        per_corporate_unit.currency,
        case
            when per_corporate_unit.valid_from > reporting.valid_from
                then per_corporate_unit.valid_from
            else reporting.valid_from
        end as valid_from,
        case
            when per_corporate_unit.valid_to < reporting.valid_to then per_corporate_unit.valid_to
            else reporting.valid_to
        end as valid_to,
        case
            when per_corporate_unit.currency = reporting.currency then 1
            else
                cast(per_corporate_unit.rate as {{ double_type() }})
                / cast(reporting.rate as {{ double_type() }})
        end as rate
    from per_corporate_unit
    inner join reporting
        on per_corporate_unit.valid_from < reporting.valid_to
            and per_corporate_unit.valid_to > reporting.valid_from
            and (
                per_corporate_unit.currency <> reporting.currency
                or per_corporate_unit.valid_from = reporting.valid_from
            )

)

select * from per_reporting_unit
