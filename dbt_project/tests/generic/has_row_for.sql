{# Each of these rows is there: without one, what it decides would be decided by nothing. #}
{% test has_row_for(model, columns, rows) %}

{% for row in rows %}
select
    '{{ row | join(", ") }}' as missing_row,
    count(*) as row_count
from {{ model }}
where
    {% for column in columns %}
    {{ column }} = '{{ row[loop.index0] }}'{{ " and" if not loop.last }}
    {% endfor %}
having count(*) = 0
{{ "union all" if not loop.last }}
{% endfor %}

{% endtest %}
