{#
    Of each mapping and system, no more than this share of the last days' values is unmapped. As with
    every rate, fewer than 20 values say nothing: one odd status does not stop a small company.
#}
{% test few_unmapped_values(model, share, days, from_values=20) %}

with

run as (

    select * from {{ ref('run') }}

),

given as (

    select * from {{ model }}

)

select
    given.mapping,
    given.system,
    sum(case when given.is_unmapped then 1 else 0 end) as unmapped,
    count(*) as records
from given
inner join run
    on given.given_at >= {{ dbt.dateadd('day', -1 * days, 'run.as_of') }}
group by 1, 2
having count(*) >= {{ from_values }}
    and sum(case when given.is_unmapped then 1 else 0 end) > {{ share }} * count(*)

{% endtest %}
