-- Which linked records belong together: each node with the first record that its links reach, and
-- the strongest rule that links it. A number travels along links only to higher numbers, so a long
-- chain, a star and a circle all end, and the lowest number that arrives is that of the group's
-- earliest record.
with recursive

records as (

    select * from {{ ref('int_record') }}

),

links as (

    select * from {{ ref('int_record_link') }}

),

located as (

    select
        links.rule_rank,
        links.from_node,
        links.to_node,
        from_records.record_number as from_number,
        to_records.record_number as to_number
    from links
    left join records as from_records on links.from_node = from_records.node_key
    left join records as to_records on links.to_node = to_records.node_key

),

missing_ends as (

    select from_node as node_key from located
    where from_number is null

    union

    select to_node as node_key from located
    where to_number is null

),

-- Nodes that were never landed come last: they connect, but name no person.
never_landed as (

    select
        node_key,
        9000000000000000 + row_number() over (order by node_key) as node_number
    from missing_ends

),

numbered as (

    select
        located.rule_rank,
        coalesce(located.from_number, from_missing.node_number) as from_number,
        coalesce(located.to_number, to_missing.node_number) as to_number
    from located
    left join never_landed as from_missing on located.from_node = from_missing.node_key
    left join never_landed as to_missing on located.to_node = to_missing.node_key

),

edges as (

    select
        from_number,
        to_number,
        rule_rank
    from numbered

    union all

    select
        to_number as from_number,
        from_number as to_number,
        rule_rank
    from numbered

),

nodes as (

    select
        from_number as node_number,
        min(to_number) as first_neighbour,
        min(rule_rank) as rule_rank
    from edges
    group by 1

),

-- Only a node that is earlier than its neighbours can be the earliest of a group.
reached (node_number, label) as (

    select
        node_number,
        node_number as label
    from nodes
    where node_number < first_neighbour

    union

    select
        edges.to_number as node_number,
        reached.label
    from reached
    inner join edges on reached.node_number = edges.from_number
    where reached.label < edges.to_number

),

labels as (

    select
        node_number,
        min(label) as label
    from reached
    group by 1

),

grouped as (

    select
        coalesce(records.node_key, never_landed.node_key) as node_key,
        labels.label as first_number,
        nodes.rule_rank
    from labels
    inner join nodes on labels.node_number = nodes.node_number
    left join records on labels.node_number = records.record_number
    left join never_landed on labels.node_number = never_landed.node_number

)

select * from grouped
