{# Settings that everything reads: no row would leave every table empty, two would double it. #}
{% test exactly_one_row(model) %}

select count(*) as row_count
from {{ model }}
having count(*) <> 1

{% endtest %}
