-- Both ends of every link belong to the same person: resolution went to the end.
with

links as (

    select * from {{ ref('int_record_link') }}

),

record_groups as (

    select * from {{ ref('int_record_group') }}

)

select
    links.from_node,
    links.to_node
from links
left join record_groups as from_groups on links.from_node = from_groups.node_key
left join record_groups as to_groups on links.to_node = to_groups.node_key
where
    from_groups.first_number is null
    or to_groups.first_number is null
    or from_groups.first_number <> to_groups.first_number
