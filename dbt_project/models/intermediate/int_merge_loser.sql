-- Records that were merged into another one that we know. Of a circle of merges the oldest
-- survives.
with recursive

records as (

    select * from {{ ref('int_record') }}

),

merge_steps as (

    select
        losers.node_key as loser_node,
        losers.record_number as loser_number,
        masters.node_key as master_node,
        masters.record_number as master_number
    from {{ ref('int_record_link') }} as links
    inner join records as losers on links.from_node = losers.node_key
    inner join records as masters on links.to_node = masters.node_key
    where links.rule = 'merged_id'

),

-- `union` drops what was reached before: that ends a circle.
followed (loser_number, master_number) as (

    select
        loser_number,
        master_number
    from merge_steps

    union

    select
        followed.loser_number,
        merge_steps.master_number
    from followed
    inner join merge_steps on followed.master_number = merge_steps.loser_number

),

in_circle as (

    select loser_number from followed
    where loser_number = master_number

),

oldest_of_circle as (

    select followed.loser_number
    from followed
    inner join in_circle on followed.loser_number = in_circle.loser_number
    group by 1
    having min(followed.master_number) = followed.loser_number

),

losers as (

    select distinct merge_steps.loser_node as node_key
    from merge_steps
    left join oldest_of_circle on merge_steps.loser_number = oldest_of_circle.loser_number
    where oldest_of_circle.loser_number is null

)

select * from losers
