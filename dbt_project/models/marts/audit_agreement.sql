-- Where the systems agree and disagree about the same people: records, lead status, source, and
-- HubSpot's life-cycle stage beside Salesforce's status.
with

people as (

    select * from {{ ref('int_system_pair') }}

),

compared as (

    select
        'records' as topic,
        case
            when hubspot_records = 0 then 'none'
            when hubspot_records = 1 then 'one record'
            else 'several records'
        end as hubspot_says,
        case
            when salesforce_records = 0 then 'none'
            when salesforce_records = 1 then 'one record'
            else 'several records'
        end as salesforce_says,
        case
            when hubspot_records = 0 then 'only in Salesforce'
            when salesforce_records = 0 then 'only in HubSpot'
            else 'in both'
        end as verdict
    from people

    union all

    select
        'lead status' as topic,
        coalesce(hubspot_status, '(empty)') as hubspot_says,
        coalesce(salesforce_status, '(no lead)') as salesforce_says,
        case
            when hubspot_status is null or salesforce_status is null then 'only one says anything'
            when hubspot_kind is null or salesforce_kind is null then 'not mapped'
            when hubspot_kind = salesforce_kind then 'agree'
            when hubspot_kind = 'accepted' and salesforce_kind = 'converted' then 'agree'
            when hubspot_kind in ('rejected', 'disqualified')
                and salesforce_kind in ('rejected', 'disqualified') then 'agree'
            else 'differ'
        end as verdict
    from people
    where hubspot_records > 0 and salesforce_records > 0

    union all

    select
        'source' as topic,
        coalesce(hubspot_source, '(empty)') as hubspot_says,
        coalesce(salesforce_source, '(empty)') as salesforce_says,
        case
            when hubspot_source is null or salesforce_source is null
                then 'only one says anything'
            when hubspot_source_means is null or salesforce_source_means is null
                then 'not mapped'
            when hubspot_source_means = salesforce_source_means then 'agree'
            else 'differ'
        end as verdict
    from people
    where hubspot_records > 0 and salesforce_records > 0

    union all

    select
        'life cycle beside status' as topic,
        coalesce(lifecycle_stage, '(empty)') as hubspot_says,
        coalesce(salesforce_status, '(no lead)') as salesforce_says,
        'side by side' as verdict
    from people
    where hubspot_records > 0 and salesforce_records > 0

),

counted as (

    select
        topic,
        hubspot_says,
        salesforce_says,
        verdict,
        count(*) as people
    from compared
    group by 1, 2, 3, 4

)

select
    topic,
    hubspot_says,
    salesforce_says,
    verdict,
    cast(people as bigint) as people,
    cast(people as {{ double_type() }}) / sum(people) over (partition by topic) as share
from counted
