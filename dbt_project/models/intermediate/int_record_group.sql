-- Which linked records belong together: each node with the first record that its links reach. A
-- number travels along links only to higher numbers, so a long chain, a star and a circle all end,
-- and the lowest number that arrives is that of the group's earliest record.
with recursive

records as (

    select * from {{ ref('int_record') }}

),

links as (

    select * from {{ ref('int_record_link') }}

),

ends as (

    select from_node as node_key from links

    union

    select to_node as node_key from links

),

-- Nodes that were never landed come last: they connect, but name no person.
nodes as (

    select
        ends.node_key,
        row_number() over (
            order by coalesce(records.record_number, 9000000000000000), ends.node_key
        ) as node_number
    from ends
    left join records on ends.node_key = records.node_key

),

edges as (

    select
        from_nodes.node_number as from_number,
        to_nodes.node_number as to_number
    from links
    inner join nodes as from_nodes on links.from_node = from_nodes.node_key
    inner join nodes as to_nodes on links.to_node = to_nodes.node_key

    union

    select
        to_nodes.node_number as from_number,
        from_nodes.node_number as to_number
    from links
    inner join nodes as from_nodes on links.from_node = from_nodes.node_key
    inner join nodes as to_nodes on links.to_node = to_nodes.node_key

),

reached (node_number, label) as (

    select
        node_number,
        node_number as label
    from nodes

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
    group by node_number

),

grouped as (

    select
        nodes.node_key,
        first_nodes.node_key as first_node_key
    from labels
    inner join nodes on labels.node_number = nodes.node_number
    inner join nodes as first_nodes on labels.label = first_nodes.node_number

)

select * from grouped
