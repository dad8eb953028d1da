-- noqa: disable=LT02,LT05
-- What the records lack that a shared definition needs: of which records, of how many it is
-- missing, in all and among those made in the last 90 days. It asks nothing of the mappings but what
-- a rejection and a loss are called.
{% set wanted = [
    ('Salesforce leads', 'e-mail', 'leads', 'email is null'),
    ('Salesforce leads', 'source', 'leads', 'lead_source is null'),
    ('Salesforce leads', 'industry', 'leads', 'industry is null'),
    ('Salesforce leads', 'employees', 'leads', 'employees is null'),
    ('Salesforce leads', 'country', 'leads', 'country is null'),
    ('Salesforce leads', 'an owner who is a person', 'leads', "owner_id like '00G%'"),
    ('Salesforce leads turned down', 'reason', 'rejected_leads', 'rejection_reason is null'),
    ('HubSpot contacts', 'e-mail', 'contacts', 'email is null'),
    ('HubSpot contacts', 'original source', 'contacts', 'analytics_source is null'),
    ('HubSpot contacts', 'life-cycle stage', 'contacts', 'lifecycle_stage is null'),
    ('HubSpot contacts', 'company', 'contacts', 'company is null and primary_company_id is null'),
    ('Companies', 'enough to judge the ICP', 'companies', "fit = 'insufficient_data'"),
    ('Opportunities', 'amount', 'opportunities', 'amount is null'),
    ('Opportunities', 'source', 'opportunities', 'raw_source is null'),
    ('Opportunities', 'type', 'opportunities', 'raw_type is null'),
    ('Opportunities', 'a person with a role', 'opportunities', 'people is null'),
    ('Lost opportunities', 'loss reason', 'lost_opportunities', 'raw_loss_reason is null'),
] %}

with

run as (

    select * from {{ ref('run') }}

),

statuses as (

    select * from {{ ref('lead_status') }}
    where system = 'salesforce'

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}
    where not is_deleted

),

rejected_leads as (

    select leads.*
    from leads
    inner join statuses
        on lower(trim(leads.status)) = lower(trim(statuses.status))
            and statuses.kind in ('rejected', 'recycled', 'disqualified')
            and statuses.valid_to is null

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}
    where not is_deleted and not coalesce(is_archived, false)

),

companies as (

    select
        fit,
        valid_from as created_at
    from {{ ref('icp') }}
    where valid_to is null

),

people_of_opportunities as (

    select
        opportunity_id,
        count(*) as people
    from {{ ref('int_opportunity_role') }}
    where taken_off_at is null
    group by 1

),

opportunities as (

    select
        known.*,
        people_of_opportunities.people
    from {{ ref('int_opportunity') }} as known
    left join people_of_opportunities
        on known.opportunity_id = people_of_opportunities.opportunity_id
    where known.deleted_at is null

),

lost_opportunities as (

    select opportunities.*
    from opportunities
    inner join {{ ref('win') }} as wins
        on opportunities.opportunity_id = wins.opportunity_id
    where wins.outcome = 'lost'

),

counted as (

{% for subject, lacks, relation, condition in wanted %}
    select
        {{ loop.index }} as place,
        '{{ subject }}' as subject,
        '{{ lacks }}' as lacks,
        count(*) as records,
        count(case when {{ condition }} then 1 end) as missing,
        count(
            case when {{ relation }}.created_at >= {{ dbt.dateadd('day', -90, 'run.as_of') }} then 1 end
        ) as recent_records,
        count(
            case
                when {{ relation }}.created_at >= {{ dbt.dateadd('day', -90, 'run.as_of') }} and {{ condition }}
                    then 1
            end
        ) as recent_missing
    from {{ relation }}
    cross join run
    {{ 'union all' if not loop.last }}
{% endfor %}

)

select
    cast(place as bigint) as place,
    subject,
    lacks,
    cast(records as bigint) as records,
    cast(missing as bigint) as missing,
    cast(recent_records as bigint) as recent_records,
    cast(recent_missing as bigint) as recent_missing
from counted
