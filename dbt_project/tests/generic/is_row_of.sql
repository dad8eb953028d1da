{# The values of these columns stand together in a row of `to`, not each in a row of its own. #}
{% test is_row_of(model, columns, to) %}

select {{ columns | join(', ') }}
from {{ model }}
{{ dbt.except() }}
select {{ columns | join(', ') }}
from {{ to }}

{% endtest %}
