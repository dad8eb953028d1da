{# `column` comes after `start`: what ends as it begins lasts no time. #}
{% test later_than(model, column, start) %}

select *
from {{ model }}
where {{ column }} <= {{ start }}

{% endtest %}
