-- One row per staged table: its rows, and values that were given but could not be read as their
-- type (they are null, and counted here).
-- noqa: disable=LT02
{% set staged = [
    ('salesforce', ref('stg_salesforce__account')),
    ('salesforce', ref('stg_salesforce__account_history')),
    ('salesforce', ref('stg_salesforce__campaign')),
    ('salesforce', ref('stg_salesforce__campaign_member')),
    ('salesforce', ref('stg_salesforce__contact')),
    ('salesforce', ref('stg_salesforce__contact_history')),
    ('salesforce', ref('stg_salesforce__currency_type')),
    ('salesforce', ref('stg_salesforce__dated_conversion_rate')),
    ('salesforce', ref('stg_salesforce__event')),
    ('salesforce', ref('stg_salesforce__group')),
    ('salesforce', ref('stg_salesforce__group_member')),
    ('salesforce', ref('stg_salesforce__lead')),
    ('salesforce', ref('stg_salesforce__lead_history')),
    ('salesforce', ref('stg_salesforce__lead_status')),
    ('salesforce', ref('stg_salesforce__opportunity')),
    ('salesforce', ref('stg_salesforce__opportunity_contact_role')),
    ('salesforce', ref('stg_salesforce__opportunity_field_history')),
    ('salesforce', ref('stg_salesforce__opportunity_history')),
    ('salesforce', ref('stg_salesforce__opportunity_stage')),
    ('salesforce', ref('stg_salesforce__record_type')),
    ('salesforce', ref('stg_salesforce__task')),
    ('salesforce', ref('stg_salesforce__user')),
    ('hubspot', ref('stg_hubspot__association')),
    ('hubspot', ref('stg_hubspot__call')),
    ('hubspot', ref('stg_hubspot__campaign')),
    ('hubspot', ref('stg_hubspot__company')),
    ('hubspot', ref('stg_hubspot__company_history')),
    ('hubspot', ref('stg_hubspot__contact')),
    ('hubspot', ref('stg_hubspot__contact_history')),
    ('hubspot', ref('stg_hubspot__deal')),
    ('hubspot', ref('stg_hubspot__deal_history')),
    ('hubspot', ref('stg_hubspot__email')),
    ('hubspot', ref('stg_hubspot__email_click')),
    ('hubspot', ref('stg_hubspot__form')),
    ('hubspot', ref('stg_hubspot__form_submission')),
    ('hubspot', ref('stg_hubspot__list')),
    ('hubspot', ref('stg_hubspot__meeting')),
    ('hubspot', ref('stg_hubspot__owner')),
    ('hubspot', ref('stg_hubspot__pipeline_stage')),
    ('hubspot', ref('stg_hubspot__property')),
    ('hubspot', ref('stg_hubspot__task')),
] %}
{# Tables that hold all versions of a row; the newest counts, as in the others. #}
{% set versioned = ['stg_hubspot__association', 'stg_hubspot__form'] %}

with

counted as (

{% for source_name, staged_model in staged %}
    select
        '{{ source_name }}' as source,
        '{{ staged_model.identifier }}' as staged_table,
        count(*) as records,
        sum(case when cast_failures > 0 then 1 else 0 end) as records_with_failures,
        sum(cast_failures) as failures
    from {{ staged_model }}
    {{ 'where version_rank = 1' if staged_model.identifier in versioned }}
    {{ 'union all' if not loop.last }}
{% endfor %}

)

select
    source,
    staged_table,
    cast(records as bigint) as records,
    cast(coalesce(records_with_failures, 0) as bigint) as records_with_failures,
    cast(coalesce(failures, 0) as bigint) as failures
from counted
