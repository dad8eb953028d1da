{#
    Days on which no `week` or `fiscal_quarter` of the calendar begins: what is noted for such a day
    would be compared with parts of two.
#}
{% test begins_a_period(model, column_name, period) %}

select noted.{{ column_name }}
from {{ model }} as noted
cross join {{ ref('calendar') }} as calendar
where
{% if period == 'week' %}
    noted.{{ column_name }} <> {{ week_of('noted.' ~ column_name, 'calendar.week_start') }}
{% else %}
    extract(day from noted.{{ column_name }}) <> 1
    or mod(
        cast(extract(month from noted.{{ column_name }}) as integer) + 12
        - cast(calendar.fiscal_year_start_month as integer),
        3
    ) <> 0
{% endif %}

{% endtest %}
