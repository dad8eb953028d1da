{# The values that no mapping knows. #}
{% test no_unmapped_value(model) %}

select
    mapping,
    system,
    value,
    count(*) as records
from {{ model }}
where is_unmapped
group by 1, 2, 3

{% endtest %}
