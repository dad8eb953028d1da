{# `column` is never below the value of `floor`. #}
{% test at_least(model, column, floor) %}

select *
from {{ model }}
where {{ column }} < {{ floor }}

{% endtest %}
