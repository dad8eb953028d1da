-- One row per HubSpot deal.
with

-- The source as first landed: HubSpot keeps no history of it that we read.
ranked as (

    {{ version_ranked(
        source('hubspot', 'deals'), ['"id"'],
        first_known={'first_analytics_source': 'hs_analytics_source'}
    ) }}

),

casted as (

    select
        {{ as_text('"id"') }} as deal_id,
        {{ as_timestamp('createdAt') }} as record_created_at,
        {{ as_timestamp('updatedAt') }} as record_updated_at,
        {{ as_boolean('archived') }} as is_archived,
        {{ as_timestamp('archivedAt') }} as archived_at,
        {{ as_text('dealname') }} as deal_name,
        {{ as_text('dealstage') }} as stage_id,
        {{ as_text('pipeline') }} as pipeline_id,
        {{ as_text('dealtype') }} as deal_type,
        {{ as_number('amount') }} as amount,
        {{ as_text('deal_currency_code') }} as currency,
        {{ as_timestamp('closedate') }} as closed_at,
        {{ as_text('closed_lost_reason') }} as lost_reason,
        {{ as_text('hubspot_owner_id') }} as owner_id,
        {{ as_timestamp('createdate') }} as created_at,
        {{ as_timestamp('hs_lastmodifieddate') }} as modified_at,
        {{ as_text('hs_analytics_source') }} as analytics_source,
        first_analytics_source,
        first_analytics_source_at,
        {{ as_text('salesforceopportunityid') }} as salesforce_opportunity_id,
        {{ as_text('hs_merged_object_ids') }} as merged_deal_ids,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'createdAt'),
            ('as_timestamp', 'updatedAt'),
            ('as_boolean', 'archived'),
            ('as_timestamp', 'archivedAt'),
            ('as_number', 'amount'),
            ('as_timestamp', 'closedate'),
            ('as_timestamp', 'createdate'),
            ('as_timestamp', 'hs_lastmodifieddate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
