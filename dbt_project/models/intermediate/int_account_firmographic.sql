-- An account's firmographics in the words we share, one row per period in which nothing changed.
-- Unknown stays null: a value outside the mapping, a count of zero employees.
with

accounts as (

    select * from {{ ref('int_account') }}

),

facts as (

    select * from {{ ref('int_account_fact') }}

),

industries as (

    select
        lower(trim(value)) as value,
        industry
    from {{ ref('industry') }}

),

countries as (

    select
        lower(trim(value)) as value,
        country,
        region
    from {{ ref('country') }}

),

-- A company that a Salesforce account has succeeded counts no longer.
moments as (

    select
        account_id,
        created_at as valid_from
    from accounts

    union

    select
        facts.account_id,
        facts.valid_from
    from facts
    inner join accounts on facts.account_id = accounts.account_id
    where
        facts.valid_from > accounts.created_at
        and (accounts.succeeded_at is null or facts.valid_from < accounts.succeeded_at)

),

periods as (

    select
        moments.account_id,
        accounts.domain,
        moments.valid_from,
        coalesce(
            lead(moments.valid_from) over (
                partition by moments.account_id order by moments.valid_from
            ),
            accounts.succeeded_at
        ) as valid_to
    from moments
    inner join accounts on moments.account_id = accounts.account_id

),

{% set attributes = ['industry', 'employees', 'annual_revenue', 'country', 'account_type'] %}
valued as (

    select
        periods.account_id,
        periods.domain,
        periods.valid_from,
        periods.valid_to,
    {%- for attribute in attributes %}
        max(case when facts.attribute = '{{ attribute }}' then facts.value end) as {{ attribute }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from periods
    left join facts
        on
            periods.account_id = facts.account_id
            and periods.valid_from >= facts.valid_from
            and (facts.valid_to is null or periods.valid_from < facts.valid_to)
    group by 1, 2, 3, 4

),

named as (

    select
        valued.account_id,
        valued.domain,
        valued.valid_from,
        valued.valid_to,
        valued.industry as raw_industry,
        industries.industry,
        valued.country as raw_country,
        countries.country,
        countries.region,
        case
            when {{ as_integer('valued.employees') }} > 0 then {{ as_integer('valued.employees') }}
        end as employees,
        {{ as_number('valued.annual_revenue') }} as annual_revenue,
        valued.account_type
    from valued
    left join industries on lower(trim(valued.industry)) = industries.value
    left join countries on lower(trim(valued.country)) = countries.value
    where valued.valid_to is null or valued.valid_to > valued.valid_from

)

select * from named
