{#
    All rows of one `key` have one `value`, in this seed and in `also`: what is grouped by the key
    alone could not say whose it is.
#}
{% test one_value_per(model, key, value, also) %}

with

noted as (

    select
        {{ key }},
        {{ value }}
    from {{ model }}

    union all

    select
        {{ key }},
        {{ value }}
    from {{ also }}

)

select
    {{ key }},
    count(distinct {{ value }}) as different_values
from noted
group by 1
having count(distinct {{ value }}) > 1

{% endtest %}
