{# Which values a column may have beside each value of `by`, which may have no others than these. #}
{% test accepted_values_by(model, column_name, by, values) %}

select
    {{ by }},
    {{ column_name }}
from {{ model }}
where not (
{% for name, allowed in values.items() %}
    {{ "or " if not loop.first }}({{ by }} = '{{ name }}'
    and cast({{ column_name }} as {{ dbt.type_string() }}) in ('{{ allowed | join("', '") }}'))
{% endfor %}
)

{% endtest %}
