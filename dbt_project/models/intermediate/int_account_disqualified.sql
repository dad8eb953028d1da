-- Periods in which something rules an account out: a listed value, or a competitor's domain.
with

firmographics as (

    select * from {{ ref('int_account_firmographic') }}

),

disqualifiers as (

    select
        field,
        lower(trim(value)) as value,
        reason
    from {{ ref('icp_disqualifier') }}

),

competitor_domains as (

    select lower(trim(domain)) as domain from {{ ref('competitor_domain') }}

),

by_value as (

    select
        firmographics.account_id,
        firmographics.valid_from,
        disqualifiers.reason
    from firmographics
    inner join disqualifiers
        on
            case disqualifiers.field
                when 'industry' then lower(firmographics.industry)
                when 'country' then lower(firmographics.country)
                when 'region' then lower(firmographics.region)
                when 'account_type' then lower(trim(firmographics.account_type))
            end = disqualifiers.value

),

by_domain as (

    select
        firmographics.account_id,
        firmographics.valid_from,
        'competitor' as reason
    from firmographics
    inner join competitor_domains on firmographics.domain = competitor_domains.domain

),

combined as (

    select * from by_value
    union all
    select * from by_domain

),

disqualified as (

    select
        account_id,
        valid_from,
        min(reason) as reason
    from combined
    group by 1, 2

)

select * from disqualified
