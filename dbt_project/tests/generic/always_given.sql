{#
    Columns that must never be empty, as one test a table: one row per column that is empty somewhere,
    with the number of such rows. A test of its own for each column would double the checks of a build.
#}
{% test always_given(model, columns) %}

{% for column in columns %}
select
    '{{ column }}' as column_name,
    count(*) as rows_without
from {{ model }}
where {{ column }} is null
having count(*) > 0
{{ "union all" if not loop.last }}
{% endfor %}

{% endtest %}
