-- One row per lead or contact in a campaign.
with

ranked as (

    {{ version_ranked(source('salesforce', 'CampaignMember'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as campaign_member_id,
        {{ as_text('CampaignId') }} as campaign_id,
        {{ as_text('LeadId') }} as lead_id,
        {{ as_text('ContactId') }} as contact_id,
        {{ as_text('Status') }} as status,
        {{ as_boolean('HasResponded') }} as has_responded,
        {{ as_date('FirstRespondedDate') }} as first_responded_date,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_boolean', 'HasResponded'),
            ('as_date', 'FirstRespondedDate'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
