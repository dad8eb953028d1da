-- An account's firmographics in the words we share, one row per period in which nothing changed.
-- Unknown stays null: a value outside the mapping, a count of zero employees. An industry and a
-- country mean what the mapping called them on the day on which they were said.
with

calendar as (

    select * from {{ ref('calendar') }}

),

accounts as (

    select * from {{ ref('int_account') }}

),

facts as (

    select * from {{ ref('int_account_fact') }}

),

industries as (

    select
        lower(trim(industry.value)) as value,
        industry.industry,
        {{ validity_moments('industry') }}
    from {{ ref('industry') }} as industry
    cross join calendar

),

countries as (

    select
        lower(trim(country.value)) as value,
        country.country,
        country.region,
        {{ validity_moments('country') }}
    from {{ ref('country') }} as country
    cross join calendar

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
        max(case when facts.attribute = 'industry' then facts.valid_from end) as industry_said_at,
        max(case when facts.attribute = 'country' then facts.valid_from end) as country_said_at,
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
    left join industries
        on lower(trim(valued.industry)) = industries.value
            and valued.industry_said_at >= industries.starts_at
            and valued.industry_said_at < industries.ends_at
    left join countries
        on lower(trim(valued.country)) = countries.value
            and valued.country_said_at >= countries.starts_at
            and valued.country_said_at < countries.ends_at
    where valued.valid_to is null or valued.valid_to > valued.valid_from

)

select * from named
