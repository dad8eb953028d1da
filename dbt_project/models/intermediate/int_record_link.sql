-- Every reason to take two records for one human, with the rule that gives it. Never by name. A
-- link may name a record that was never landed (a purged merge loser): it still joins its two
-- ends.
with

records as (

    select * from {{ ref('int_record') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

contacts as (

    select * from {{ ref('stg_salesforce__contact') }}

),

hubspot_contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

match_rules as (

    select * from {{ ref('match_rule') }}

),

-- HubSpot lets one record take part in at most 250 merges.
positions as (

    {{ dbt.generate_series(256) }}

),

merged_contact_lists as (

    select
        contact_id,
        merged_contact_ids,
        length(merged_contact_ids) - length(replace(merged_contact_ids, ';', '')) + 1 as listed
    from hubspot_contacts
    where merged_contact_ids is not null

),

merged_contacts as (

    select
        merged_contact_lists.contact_id,
        trim(
            {{ dbt.split_part(
                'merged_contact_lists.merged_contact_ids', "';'", 'positions.generated_number'
            ) }}
        ) as merged_contact_id
    from merged_contact_lists
    inner join positions on merged_contact_lists.listed >= positions.generated_number

),

-- One address is a star around its first record, so a thousand records cost a thousand links.
first_of_address as (

    select
        email,
        min(record_number) as record_number
    from records
    where email is not null and not is_shared_mailbox
    group by email
    having count(*) > 1

),

links as (

    select
        'stored_id' as rule,
        'hubspot:contacts:' || contact_id as from_node,
        'salesforce:Lead:' || substr(salesforce_lead_id, 1, 15) as to_node
    from hubspot_contacts
    where salesforce_lead_id is not null

    union all

    select
        'stored_id' as rule,
        'hubspot:contacts:' || contact_id as from_node,
        'salesforce:Contact:' || substr(salesforce_contact_id, 1, 15) as to_node
    from hubspot_contacts
    where salesforce_contact_id is not null

    union all

    select
        'converted_id' as rule,
        'salesforce:Lead:' || substr(lead_id, 1, 15) as from_node,
        'salesforce:Contact:' || substr(converted_contact_id, 1, 15) as to_node
    from leads
    where converted_contact_id is not null

    union all

    select
        'merged_id' as rule,
        'salesforce:Lead:' || substr(lead_id, 1, 15) as from_node,
        'salesforce:Lead:' || substr(master_record_id, 1, 15) as to_node
    from leads
    where master_record_id is not null

    union all

    select
        'merged_id' as rule,
        'salesforce:Contact:' || substr(contact_id, 1, 15) as from_node,
        'salesforce:Contact:' || substr(master_record_id, 1, 15) as to_node
    from contacts
    where master_record_id is not null

    union all

    select
        'merged_id' as rule,
        'hubspot:contacts:' || merged_contact_id as from_node,
        'hubspot:contacts:' || contact_id as to_node
    from merged_contacts
    where merged_contact_id <> ''

    union all

    select
        'email' as rule,
        records.node_key as from_node,
        first_records.node_key as to_node
    from first_of_address
    inner join records on first_of_address.email = records.email
    inner join records as first_records
        on first_of_address.record_number = first_records.record_number

),

used as (

    select distinct
        links.rule,
        match_rules.rank as rule_rank,
        links.from_node,
        links.to_node
    from links
    inner join match_rules on links.rule = match_rules.rule
    where
        match_rules.is_used
        and links.from_node <> links.to_node

)

select * from used
