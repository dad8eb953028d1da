-- Since when the history of each record tells its status or stage: one row per record. Before that
-- day a first entry cannot be known, so what rests on it is a guess.
with

records as (

    select * from {{ ref('person_record') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

contact_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

opportunities as (

    select * from {{ ref('opportunity') }}

),

opportunity_history as (

    select * from {{ ref('int_opportunity_history') }}
    where field = 'stage'

),

-- Salesforce keeps a field's history from the day it is switched on, for all leads at once.
tracking as (

    select min(created_at) as tracked_since from lead_history

),

leads as (

    select
        'salesforce' as system,
        'Lead' as object,
        'Status' as field,
        records.record_id,
        records.created_at,
        case
            when records.created_at >= tracking.tracked_since then records.created_at
            else tracking.tracked_since
        end as known_from,
        coalesce(records.created_at < tracking.tracked_since, true) as is_late
    from records
    cross join tracking
    where records.object = 'Lead' and records.deleted_at is null

),

first_stages as (

    select
        contact_id,
        min(changed_at) as known_from
    from contact_history
    where property = 'lifecyclestage'
    group by 1

),

contacts as (

    select
        'hubspot' as system,
        'contacts' as object,
        'lifecyclestage' as field,
        records.record_id,
        records.created_at,
        first_stages.known_from,
        coalesce(
            first_stages.known_from > {{ dbt.dateadd('day', 1, 'records.created_at') }}, true
        ) as is_late
    from records
    left join first_stages on records.record_id = first_stages.contact_id
    where records.object = 'contacts' and records.deleted_at is null

),

first_opportunity_stages as (

    select
        opportunity_id,
        min(changed_at) as known_from
    from opportunity_history
    group by 1

),

deals as (

    select
        opportunities.system,
        case when opportunities.system = 'salesforce' then 'Opportunity' else 'deals' end
            as object,
        case when opportunities.system = 'salesforce' then 'StageName' else 'dealstage' end
            as field,
        opportunities.opportunity_id as record_id,
        opportunities.created_at,
        first_opportunity_stages.known_from,
        opportunities.is_left_censored as is_late
    from opportunities
    left join first_opportunity_stages
        on opportunities.opportunity_id = first_opportunity_stages.opportunity_id

),

all_records as (

    select * from leads
    union all
    select * from contacts
    union all
    select * from deals

)

select * from all_records
