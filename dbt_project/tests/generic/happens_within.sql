{# `column` lies at or after `after`, and at most so many days after it. #}
{% test happens_within(model, column, after, days) %}

select *
from {{ model }}
where {{ column }} < {{ after }}
    or {{ column }} > {{ dbt.dateadd('day', days, after) }}

{% endtest %}
