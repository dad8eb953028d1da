-- ICP fit (ideal customer profile)
-- How well an account fits whom we sell to best, at each time: judged by what was known then.
--
-- To change it, edit the numbers in "agreed" or the icp seeds and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

agreed as (

    select
        50 as minimum_employees,
        5000 as maximum_employees,
        cast(null as numeric(28, 6)) as minimum_revenue,
        200 as tier_a_from_employees,
        2000 as tier_a_to_employees,
        200 as mid_market_from_employees,
        1000 as enterprise_from_employees

),

firmographics as (

    select * from {{ ref('int_account_firmographic') }}

),

icp_industries as (

    select * from {{ ref('icp_industry') }}

),

icp_regions as (

    select * from {{ ref('icp_region') }}

),

disqualified as (

    select * from {{ ref('int_account_disqualified') }}

),

rules as (

    select
        (select count(*) from icp_industries) = 0 as any_industry,
        (select count(*) from icp_regions) = 0 as any_region

),

-- Unknown is neither true nor false; a clause without a rule is true.
clauses as (

    select
        firmographics.*,
        agreed.tier_a_from_employees,
        agreed.tier_a_to_employees,
        agreed.mid_market_from_employees,
        agreed.enterprise_from_employees,
        case
            when rules.any_industry then true
            when firmographics.industry is not null then icp_industries.industry is not null
        end as c_industry,
        firmographics.employees
        between agreed.minimum_employees and agreed.maximum_employees as c_employees,
        case
            when rules.any_region then true
            when firmographics.region is not null then icp_regions.region is not null
        end as c_region,
        agreed.minimum_revenue is null
        or firmographics.annual_revenue >= agreed.minimum_revenue as c_revenue,
        disqualified.account_id is not null as c_disqualified
    from firmographics
    cross join agreed
    cross join rules
    left join icp_industries on firmographics.industry = icp_industries.industry
    left join icp_regions on firmographics.region = icp_regions.region
    left join disqualified
        on
            firmographics.account_id = disqualified.account_id
            and firmographics.valid_from = disqualified.valid_from

),

fitted as (

    select
        clauses.*,
        case
            when c_disqualified then 'not_fit'
            when not c_industry or not c_employees or not c_region or not c_revenue then 'not_fit'
            when c_industry and c_employees and c_region and c_revenue then 'fit'
            else 'insufficient_data'
        end as fit
    from clauses

),

judged as (

    select
        account_id,
        valid_from,
        valid_to,
        c_industry,
        c_employees,
        c_region,
        c_revenue,
        c_disqualified,
        fit,
        case
            when fit <> 'fit' then null
            when employees between tier_a_from_employees and tier_a_to_employees then 'A'
            else 'B'
        end as tier,
        industry,
        employees,
        region,
        case
            when employees >= enterprise_from_employees then 'Enterprise'
            when employees >= mid_market_from_employees then 'Mid-market'
            when employees is not null then 'SMB'
            else 'Unknown'
        end as segment
    from fitted

)

select * from judged
