{# A list without which nothing can be worked out. #}
{% test not_empty(model) %}

select count(*) as row_count
from {{ model }}
having count(*) = 0

{% endtest %}
