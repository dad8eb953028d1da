-- One row per opportunity: every Salesforce opportunity, and each HubSpot deal that mirrors none
-- of them. The values are those of the CRM now; what they were when it mattered is in the event
-- models.
with

run as (

    select * from {{ ref('run') }}

),

-- As of a day before the sync made its opportunity, a HubSpot deal still stands for itself.
salesforce_opportunities as (

    select opportunities.*
    from {{ ref('stg_salesforce__opportunity') }} as opportunities
    inner join run on opportunities.created_at <= run.as_of

),

source_changes as (

    select * from {{ ref('stg_salesforce__opportunity_field_history') }}
    where field = 'LeadSource'

),

deals as (

    select * from {{ ref('stg_hubspot__deal') }}

),

companies as (

    select * from {{ ref('stg_hubspot__company') }}

),

account_records as (

    select * from {{ ref('int_account_record') }}
    where system = 'salesforce'

),

associations as (

    select * from {{ ref('int_hubspot_edge') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

types as (

    select
        opportunity_type.*,
        {{ validity_moments('opportunity_type') }}
    from {{ ref('opportunity_type') }} as opportunity_type
    cross join calendar

),

-- What a change replaced had been there since the change before, or since the deal was made.
given_sources as (

    select
        opportunity_id,
        history_id,
        created_at as changed_at,
        0 as step,
        {{ given('old_value') }} as lead_source,
        lag(created_at) over (
            partition by opportunity_id
            order by created_at, history_id
        ) as given_at
    from source_changes

    union all

    select
        opportunity_id,
        history_id,
        created_at as changed_at,
        1 as step,
        {{ given('new_value') }} as lead_source,
        created_at as given_at
    from source_changes

),

-- A source that was overwritten later: the first one given is kept.
first_sources as (

    select
        opportunity_id,
        lead_source,
        given_at,
        row_number() over (
            partition by opportunity_id
            order by changed_at, history_id, step
        ) as position
    from given_sources
    where lead_source is not null

),

-- A deal that was made in HubSpot and synced later exists since HubSpot has it.
mirrored_deals as (

    select
        substr(salesforce_opportunity_id, 1, 15) as opportunity_id,
        min(coalesce(created_at, record_created_at)) as created_at
    from deals
    where salesforce_opportunity_id is not null
    group by 1

),

salesforce_rows as (

    select
        salesforce_opportunities.opportunity_id,
        'salesforce' as system,
        salesforce_opportunities.account_id,
        case
            when mirrored_deals.created_at < salesforce_opportunities.created_at
                then mirrored_deals.created_at
            else salesforce_opportunities.created_at
        end as created_at,
        salesforce_opportunities.modified_at,
        salesforce_opportunities.opportunity_type as raw_type,
        salesforce_opportunities.amount,
        salesforce_opportunities.currency,
        salesforce_opportunities.close_date,
        salesforce_opportunities.owner_id,
        salesforce_opportunities.stage_name as stage,
        salesforce_opportunities.stage_name as stage_label,
        case
            when salesforce_opportunities.is_deleted
                then coalesce(
                        salesforce_opportunities.source_modified_at,
                        salesforce_opportunities.modified_at,
                        salesforce_opportunities.extracted_at
                    )
        end as deleted_at,
        coalesce(
            first_sources.lead_source,
            {{ given(
                'coalesce('
                'salesforce_opportunities.first_lead_source, salesforce_opportunities.lead_source'
                ')'
            ) }}
        ) as raw_source,
        case
            when first_sources.lead_source is null
                then salesforce_opportunities.first_lead_source_at
            else first_sources.given_at
        end as source_given_at,
        salesforce_opportunities.lead_source as raw_source_now,
        salesforce_opportunities.campaign_id,
        salesforce_opportunities.loss_reason as raw_loss_reason,
        salesforce_opportunities.competitor as raw_competitor
    from salesforce_opportunities
    left join first_sources
        on salesforce_opportunities.opportunity_id = first_sources.opportunity_id
            and first_sources.position = 1
    left join mirrored_deals
        on substr(salesforce_opportunities.opportunity_id, 1, 15) = mirrored_deals.opportunity_id

),

deals_merged_away as (

    select losers.deal_id
    from deals as survivors
    inner join deals as losers
        on survivors.merged_deal_ids is not null
            and concat(';', survivors.merged_deal_ids, ';')
            like concat('%;', losers.deal_id, ';%')

),

deal_companies as (

    select
        associations.from_id as deal_id,
        coalesce(account_records.account_id, companies.company_id) as account_id,
        row_number() over (
            partition by associations.from_id
            order by
                case
                    when
                        replace(associations.association_types, ' ', '') like '%"typeId":5,%'
                        then 0
                    when
                        replace(associations.association_types, ' ', '') like '%"typeId":5}%'
                        then 0
                    else 1
                end,
                companies.created_at,
                companies.company_id
        ) as position
    from associations
    inner join companies on associations.to_id = companies.company_id
    left join account_records
        on substr(companies.salesforce_account_id, 1, 15)
            = substr(account_records.record_id, 1, 15)
    where associations.from_object = 'deals'
        and associations.to_object = 'companies'

),

stage_labels as (

    select
        stage_id,
        max(stage_label) as stage_label
    from {{ ref('stg_hubspot__pipeline_stage') }}
    where object_type = 'deals'
    group by 1

),

listed_reasons as (

    select distinct lower(trim(value)) as value
    from {{ ref('loss_reason') }}
    where system = 'hubspot'

),

hubspot_rows as (

    select
        deals.deal_id as opportunity_id,
        'hubspot' as system,
        deal_companies.account_id,
        coalesce(deals.created_at, deals.record_created_at) as created_at,
        coalesce(deals.modified_at, deals.record_updated_at) as modified_at,
        deals.deal_type as raw_type,
        deals.amount,
        deals.currency,
        {{ reporting_date('deals.closed_at', 'calendar.reporting_time_zone') }} as close_date,
        deals.owner_id,
        deals.stage_id as stage,
        coalesce(stage_labels.stage_label, deals.stage_id) as stage_label,
        case
            when deals.is_deleted or deals.is_archived
                then coalesce(
                        deals.archived_at,
                        deals.source_modified_at,
                        deals.modified_at,
                        deals.extracted_at
                    )
        end as deleted_at,
        {{ given('coalesce(deals.first_analytics_source, deals.analytics_source)') }} as raw_source,
        deals.first_analytics_source_at as source_given_at,
        deals.analytics_source as raw_source_now,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        -- HubSpot's reason is free text: what is not on our list is not carried on.
        case
            when deals.lost_reason is null then null
            when listed_reasons.value is null then '(free text)'
            else deals.lost_reason
        end as raw_loss_reason,
        cast(null as {{ dbt.type_string() }}) as raw_competitor
    from deals
    cross join calendar
    left join deal_companies
        on deals.deal_id = deal_companies.deal_id
            and deal_companies.position = 1
    left join stage_labels on deals.stage_id = stage_labels.stage_id
    left join salesforce_opportunities
        on substr(deals.salesforce_opportunity_id, 1, 15)
            = substr(salesforce_opportunities.opportunity_id, 1, 15)
    left join deals_merged_away on deals.deal_id = deals_merged_away.deal_id
    left join listed_reasons on lower(trim(deals.lost_reason)) = listed_reasons.value
    where salesforce_opportunities.opportunity_id is null
        and deals_merged_away.deal_id is null

),

all_rows as (

    select * from salesforce_rows

    union all

    select * from hubspot_rows

),

known_by_now as (

    select
        all_rows.opportunity_id,
        all_rows.system,
        all_rows.account_id,
        all_rows.created_at,
        all_rows.modified_at,
        all_rows.raw_type,
        coalesce(types.kind, 'unmapped') as type_kind,
        all_rows.amount,
        all_rows.currency,
        all_rows.close_date,
        all_rows.owner_id,
        all_rows.stage,
        all_rows.stage_label,
        case when all_rows.deleted_at <= run.as_of then all_rows.deleted_at end as deleted_at,
        case
            when coalesce(all_rows.source_given_at, all_rows.created_at) <= run.as_of
                then all_rows.raw_source
        end as raw_source,
        coalesce(all_rows.source_given_at, all_rows.created_at) as source_given_at,
        all_rows.raw_source_now,
        all_rows.campaign_id,
        all_rows.raw_loss_reason,
        all_rows.raw_competitor
    from all_rows
    inner join run on all_rows.created_at <= run.as_of
    left join types
        on all_rows.system = types.system
            and coalesce(lower(trim(all_rows.raw_type)), '(empty)') = lower(trim(types.type))
            and all_rows.created_at >= types.starts_at
            and all_rows.created_at < types.ends_at

)

select * from known_by_now
