-- Every raw account and company, and the account it counts as: merged ones follow their survivor, a
-- company with a Salesforce account counts as that account once it exists.
with recursive

accounts as (

    select * from {{ ref('stg_salesforce__account') }}

),

companies as (

    select * from {{ ref('stg_hubspot__company') }}

),

-- HubSpot lets one record take part in at most 250 merges.
positions as (

    {{ dbt.generate_series(256) }}

),

merged_company_lists as (

    select
        company_id,
        merged_company_ids,
        length(merged_company_ids) - length(replace(merged_company_ids, ';', '')) + 1 as listed
    from companies
    where merged_company_ids is not null

),

merged_companies as (

    select
        merged_company_lists.company_id,
        trim(
            {{ dbt.split_part(
                'merged_company_lists.merged_company_ids', "';'", 'positions.generated_number'
            ) }}
        ) as merged_company_id
    from merged_company_lists
    inner join positions on merged_company_lists.listed >= positions.generated_number

),

records as (

    select
        'salesforce:' || substr(account_id, 1, 15) as node_key,
        'salesforce' as system,
        'Account' as object,
        account_id as record_id,
        coalesce(created_at, source_modified_at, extracted_at) as created_at
    from accounts

    union all

    select
        'hubspot:' || company_id as node_key,
        'hubspot' as system,
        'companies' as object,
        company_id as record_id,
        coalesce(created_at, record_created_at, source_modified_at, extracted_at) as created_at
    from companies

),

merge_steps as (

    select
        'salesforce:' || substr(account_id, 1, 15) as loser_node,
        'salesforce:' || substr(master_record_id, 1, 15) as master_node
    from accounts
    where master_record_id is not null

    union

    select
        'hubspot:' || merged_company_id as loser_node,
        'hubspot:' || company_id as master_node
    from merged_companies
    where merged_company_id <> company_id

),

-- A master that was never landed cannot be followed. `union` ends a circle.
followed (node_key, master_node) as (

    select
        merge_steps.loser_node as node_key,
        merge_steps.master_node
    from merge_steps
    inner join records as masters on merge_steps.master_node = masters.node_key

    union

    select
        followed.node_key,
        merge_steps.master_node
    from followed
    inner join merge_steps on followed.master_node = merge_steps.loser_node
    inner join records as masters on merge_steps.master_node = masters.node_key

),

-- The end of the chain; in a circle the oldest account.
ends as (

    select
        followed.node_key,
        followed.master_node,
        row_number() over (
            partition by followed.node_key
            order by
                case when merge_steps.loser_node is null then 0 else 1 end,
                masters.created_at,
                masters.record_id
        ) as end_rank
    from followed
    inner join records as masters on followed.master_node = masters.node_key
    left join merge_steps on followed.master_node = merge_steps.loser_node

),

survivors as (

    select
        records.*,
        coalesce(ends.master_node, records.node_key) as survivor_node
    from records
    left join ends on records.node_key = ends.node_key and ends.end_rank = 1

),

salesforce_account_of as (

    select
        'hubspot:' || companies.company_id as node_key,
        survivors.survivor_node
    from companies
    inner join survivors
        on 'salesforce:' || substr(companies.salesforce_account_id, 1, 15) = survivors.node_key

),

resolved as (

    select
        survivors.system,
        survivors.object,
        survivors.record_id,
        survivors.created_at,
        survivor_records.record_id as survivor_id,
        coalesce(salesforce_accounts.record_id, survivor_records.record_id) as account_id
    from survivors
    inner join records as survivor_records
        on survivors.survivor_node = survivor_records.node_key
    left join salesforce_account_of
        on survivors.survivor_node = salesforce_account_of.node_key
    left join records as salesforce_accounts
        on salesforce_account_of.survivor_node = salesforce_accounts.node_key

)

select * from resolved
