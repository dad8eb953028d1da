-- One row per task: calls, e-mails, to-dos.
with

ranked as (

    {{ version_ranked(source('salesforce', 'Task'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as task_id,
        {{ as_text('WhoId') }} as who_id,
        {{ as_text('WhatId') }} as what_id,
        {{ as_text('Subject') }} as subject,
        {{ as_text('Status') }} as status,
        {{ as_text('Type') }} as task_type,
        {{ as_text('TaskSubtype') }} as task_subtype,
        {{ as_date('ActivityDate') }} as activity_date,
        {{ as_text('OwnerId') }} as owner_id,
        {{ as_boolean('IsClosed') }} as is_closed,
        {{ as_timestamp('CompletedDateTime') }} as completed_at,
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
            ('as_date', 'ActivityDate'),
            ('as_boolean', 'IsClosed'),
            ('as_timestamp', 'CompletedDateTime'),
            ('as_boolean', 'Claim_Countered__c'),
            ('as_timestamp', 'CreatedDate'),
            ('as_timestamp', 'SystemModstamp'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
