-- Person record
-- Every raw lead and contact, and the one human it belongs to.
--
-- To change which rules join records, edit the seed match_rule and open a pull request.
-- Which record speaks for a person's status is the order in "agreed".

with

agreed as (

    select
        1 as salesforce_lead,
        2 as hubspot_contact_with_status,
        3 as salesforce_contact,
        4 as hubspot_contact

),

records as (

    select * from {{ ref('int_record') }}

),

record_groups as (

    select * from {{ ref('int_record_group') }}

),

merge_losers as (

    select * from {{ ref('int_merge_loser') }}

),

with_status as (

    select * from {{ ref('int_record_with_status') }}

),

match_rules as (

    select * from {{ ref('match_rule') }}

),

clauses as (

    select
        records.*,
        coalesce(record_groups.first_number, records.record_number) as person_number,
        coalesce(match_rules.rule, 'none') as rule,
        merge_losers.node_key is null as is_survivor,
        case
            when records.object = 'Lead' then agreed.salesforce_lead
            when with_status.node_key is not null then agreed.hubspot_contact_with_status
            when records.object = 'Contact' then agreed.salesforce_contact
            else agreed.hubspot_contact
        end as speaker_rank
    from records
    cross join agreed
    left join record_groups on records.node_key = record_groups.node_key
    left join match_rules on record_groups.rule_rank = match_rules.rank
    left join merge_losers on records.node_key = merge_losers.node_key
    left join with_status on records.node_key = with_status.node_key

),

speakers as (

    select
        person_number,
        min(speaker_rank) as speaker_rank
    from clauses
    where is_survivor
    group by 1

),

judged as (

    select
        clauses.system,
        clauses.object,
        clauses.record_id,
        first_records.system || ':' || first_records.object || ':' || first_records.record_id
            as person_id,
        clauses.rule,
        clauses.is_survivor,
        clauses.is_survivor and clauses.speaker_rank = speakers.speaker_rank as speaks,
        clauses.created_at,
        clauses.deleted_at
    from clauses
    inner join records as first_records on clauses.person_number = first_records.record_number
    inner join speakers on clauses.person_number = speakers.person_number

)

select * from judged
