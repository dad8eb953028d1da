{# A web domain (`domain`) or an e-mail address (`address`), by the signs that tell them apart. #}
{% test is_written_as(model, column_name, kind) %}

select {{ column_name }}
from {{ model }}
where
{% if kind == 'domain' %}
    {{ column_name }} like '%@%'
    or {{ column_name }} like '%/%'
    or {{ column_name }} not like '%_._%'
{% else %}
    {{ column_name }} not like '%_@_%._%'
{% endif %}

{% endtest %}
