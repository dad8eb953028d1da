-- noqa: disable=LT02,LT05,AM06
-- Which statuses, stages, sources, types and reasons the CRMs use, how often, and what each is
-- mapped to: one row per field and value, those that a pick-list offers and nobody uses included.
-- It needs no mapping and no definition: it is what two teams look at before they agree on any.
{% set fields = [
    ('salesforce', 'Lead', 'Status', ref('stg_salesforce__lead'), 'status', 'lead_status'),
    ('salesforce', 'Lead', 'Rejection_Reason__c', ref('stg_salesforce__lead'), 'rejection_reason', 'rejection_reason'),
    ('salesforce', 'Lead', 'LeadSource', ref('stg_salesforce__lead'), 'lead_source', 'source'),
    ('salesforce', 'Opportunity', 'StageName', ref('stg_salesforce__opportunity'), 'stage_name', 'opportunity_stage'),
    ('salesforce', 'Opportunity', 'Type', ref('stg_salesforce__opportunity'), 'opportunity_type', 'opportunity_type'),
    ('salesforce', 'Opportunity', 'LeadSource', ref('stg_salesforce__opportunity'), 'lead_source', 'source'),
    ('salesforce', 'Opportunity', 'Loss_Reason__c', ref('stg_salesforce__opportunity'), 'loss_reason', 'loss_reason'),
    ('salesforce', 'Opportunity', 'Competitor__c', ref('stg_salesforce__opportunity'), 'competitor', 'competitor'),
    ('hubspot', 'contacts', 'lifecyclestage', ref('stg_hubspot__contact'), 'lifecycle_stage', 'lifecycle_stage'),
    ('hubspot', 'contacts', 'hs_lead_status', ref('stg_hubspot__contact'), 'lead_status', 'lead_status'),
    ('hubspot', 'contacts', 'lead_rejection_reason', ref('stg_hubspot__contact'), 'rejection_reason', 'rejection_reason'),
    ('hubspot', 'contacts', 'hs_analytics_source', ref('stg_hubspot__contact'), 'analytics_source', 'source'),
    ('hubspot', 'deals', 'dealstage', ref('stg_hubspot__deal'), 'stage_id', 'opportunity_stage'),
    ('hubspot', 'deals', 'dealtype', ref('stg_hubspot__deal'), 'deal_type', 'opportunity_type'),
    ('hubspot', 'deals', 'closed_lost_reason', ref('stg_hubspot__deal'), 'lost_reason', 'loss_reason'),
] %}

with

agreed as (

    select
        90 as recent_days,
        20 as records_that_show_a_value,
        40 as longest_value_shown

),

run as (

    select * from {{ ref('run') }}

),

held as (

{% for system, object, field, relation, column, mapping in fields %}
    select
        '{{ system }}' as system,
        '{{ object }}' as object,
        '{{ field }}' as field,
        '{{ mapping }}' as mapping,
        {{ column }} as value,
        count(*) as records,
        0 as recent_changes,
        max(modified_at) as last_seen_at
    from {{ relation }}
    where not is_deleted
    group by {{ column }}
    union all
{% endfor %}
    select
        'salesforce' as system,
        'Lead' as object,
        'Status' as field,
        'lead_status' as mapping,
        coalesce(api_name, label) as value,
        0 as records,
        0 as recent_changes,
        cast(null as timestamp) as last_seen_at
    from {{ ref('stg_salesforce__lead_status') }}
    union all
    select
        'salesforce' as system,
        'Opportunity' as object,
        'StageName' as field,
        'opportunity_stage' as mapping,
        coalesce(api_name, label) as value,
        0 as records,
        0 as recent_changes,
        cast(null as timestamp) as last_seen_at
    from {{ ref('stg_salesforce__opportunity_stage') }}
    where is_active
    union all
    select
        'hubspot' as system,
        'deals' as object,
        'dealstage' as field,
        'opportunity_stage' as mapping,
        stage_id as value,
        0 as records,
        0 as recent_changes,
        cast(null as timestamp) as last_seen_at
    from {{ ref('stg_hubspot__pipeline_stage') }}
    where object_type = 'deals' and not coalesce(is_archived, false)

),

-- What history says was set lately, wherever it was kept.
changes as (

    select
        'salesforce' as system,
        'Lead' as object,
        field,
        new_value as value,
        created_at as changed_at
    from {{ ref('stg_salesforce__lead_history') }}
    union all
    select
        'salesforce' as system,
        'Opportunity' as object,
        field,
        new_value as value,
        created_at as changed_at
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    union all
    select
        'hubspot' as system,
        'contacts' as object,
        property as field,
        value,
        changed_at
    from {{ ref('stg_hubspot__contact_history') }}
    union all
    select
        'hubspot' as system,
        'deals' as object,
        property as field,
        value,
        changed_at
    from {{ ref('stg_hubspot__deal_history') }}

),

counted_fields as (

    select distinct
        system,
        object,
        field,
        mapping
    from held

),

changed as (

    select
        changes.system,
        changes.object,
        changes.field,
        counted_fields.mapping,
        nullif(trim(changes.value), '') as value,
        0 as records,
        count(*) as recent_changes,
        max(changes.changed_at) as last_seen_at
    from changes
    cross join run
    cross join agreed
    inner join counted_fields
        on changes.system = counted_fields.system
            and changes.object = counted_fields.object
            and changes.field = counted_fields.field
    where changes.changed_at <= run.as_of
        and changes.changed_at >= {{ dbt.dateadd('day', '-1 * agreed.recent_days', 'run.as_of') }}
        and changes.value is not null
    group by 1, 2, 3, 4, 5

),

used as (

    select
        system,
        object,
        field,
        mapping,
        value,
        lower(trim(coalesce(value, '(empty)'))) as value_key,
        cast(sum(records) as bigint) as records,
        cast(sum(recent_changes) as bigint) as recent_changes,
        max(last_seen_at) as last_seen_at
    from (
        select * from held
        union all
        select * from changed
    ) as combined
    group by 1, 2, 3, 4, 5

),

known as (

{% for name, meaning, has_validity in [
    ('lead_status', 'kind', true), ('opportunity_stage', 'kind', true),
] %}
    select
        '{{ name }}' as mapping,
        system,
        lower(trim({{ 'status' if name == 'lead_status' else 'stage' }})) as value_key,
        {{ meaning }} as means
    from {{ ref(name) }}
    where valid_to is null
    union all
{% endfor %}
    select
        'opportunity_type' as mapping,
        system,
        lower(trim(type)) as value_key,
        kind as means
    from {{ ref('opportunity_type') }}
    where valid_to is null
    union all
    select
        'loss_reason' as mapping,
        system,
        lower(trim(value)) as value_key,
        reason as means
    from {{ ref('loss_reason') }}
    where valid_to is null
    union all
    select
        'source' as mapping,
        system,
        lower(trim(value)) as value_key,
        source as means
    from {{ ref('source_mapping') }}
    where valid_to is null and detail is null
    union all
    select
        'lifecycle_stage' as mapping,
        system,
        lower(trim(value)) as value_key,
        'qualified lead' as means
    from {{ ref('competing_mql') }}
    where field = 'lifecyclestage'
    union all
{% for system in ['salesforce', 'hubspot'] %}
    select
        'rejection_reason' as mapping,
        '{{ system }}' as system,
        lower(trim(raw_reason)) as value_key,
        reason as means
    from {{ ref('rejection_reason') }}
    where valid_to is null
    union all
{% endfor %}
    select
        'competitor' as mapping,
        'salesforce' as system,
        lower(trim(value)) as value_key,
        competitor as means
    from {{ ref('competitor') }}
    where valid_to is null

),

meanings as (

    select
        mapping,
        system,
        value_key,
        max(means) as means
    from known
    group by 1, 2, 3

),

labels as (

    select
        stage_id,
        max(stage_label) as stage_label
    from {{ ref('stg_hubspot__pipeline_stage') }}
    where object_type = 'deals'
    group by 1

),

-- A reason may be free text. One that no mapping knows is shown when it is short, has no
-- punctuation and so many records bear it that it is a value and not somebody's note.
shown as (

    select
        used.system,
        used.object,
        used.field,
        used.mapping,
        case
            when used.value is null then '(empty)'
            when used.mapping in ('rejection_reason', 'loss_reason', 'competitor')
                and meanings.means is null
                and (
                    used.records < agreed.records_that_show_a_value
                    or length(used.value) > agreed.longest_value_shown
                    or used.value like '%,%'
                    or used.value like '%.%'
                    or used.value like '%;%'
                    or used.value like '%:%'
                    or used.value like '%@%'
                )
                then '(other values)'
            when used.field = 'dealstage' then coalesce(labels.stage_label, used.value)
            else used.value
        end as value,
        case
            when meanings.means is not null then meanings.means
            when used.value is null or used.mapping = 'lifecycle_stage' then null
            else 'not mapped'
        end as means,
        used.records,
        used.recent_changes,
        used.last_seen_at
    from used
    cross join agreed
    left join meanings
        on used.mapping = meanings.mapping
            and used.system = meanings.system
            and used.value_key = meanings.value_key
    left join labels
        on used.field = 'dealstage' and used.value = labels.stage_id

),

summed as (

    select
        system,
        object,
        field,
        mapping,
        value,
        max(means) as means,
        cast(sum(records) as bigint) as records,
        cast(sum(recent_changes) as bigint) as recent_changes,
        max(last_seen_at) as last_seen_at
    from shown
    group by 1, 2, 3, 4, 5

)

select * from summed
