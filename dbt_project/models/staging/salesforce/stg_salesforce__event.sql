-- One row per calendar event.
with

ranked as (

    {{ version_ranked(source('salesforce', 'Event'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as event_id,
        {{ as_text('WhoId') }} as who_id,
        {{ as_text('WhatId') }} as what_id,
        {{ as_text('Subject') }} as subject,
        {{ as_text('Type') }} as event_type,
        {{ as_text('EventSubtype') }} as event_subtype,
        {{ as_timestamp('StartDateTime') }} as started_at,
        {{ as_timestamp('EndDateTime') }} as ended_at,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_text('Objection__c') }} as objection,
        {{ as_text('Disqualifying_Criterion__c') }} as disqualifying_criterion,
        {{ as_text('Content_Used__c') }} as content_used,
        {{ as_text('Competitor_Claim__c') }} as competitor_claim,
        {{ as_boolean('Claim_Countered__c') }} as is_claim_countered,
        {{ as_timestamp('CreatedDate') }} as created_at,
        {{ as_text('CreatedById') }} as created_by,
        {{ as_timestamp('SystemModstamp') }} as modified_at,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_timestamp', 'StartDateTime'),
            ('as_timestamp', 'EndDateTime'),
            ('as_boolean', 'Claim_Countered__c'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
