{#
    A list that its own file makes: a name is one of ours where a row says it of itself
    (`other,other`), so that a new one is one more line, and a misspelt one is none of ours.
#}
{% test has_a_row_of_its_own(model, column_name, by) %}

select {{ column_name }}
from {{ model }}
{{ dbt.except() }}
select {{ column_name }}
from {{ model }}
where {{ column_name }} = {{ by }}

{% endtest %}
