{# Each combination of the key's columns occurs once. #}
{% test one_row_per_key(model, key) %}

select {{ key | join(', ') }}
from {{ model }}
group by {{ key | join(', ') }}
having count(*) > 1

{% endtest %}
