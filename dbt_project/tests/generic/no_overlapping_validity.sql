{# Of a look-up's rows for one value (trimmed, case-folded), no two hold on the same day. #}
{% test no_overlapping_validity(model, key) %}

with

numbered as (

    select
        {% for column in key -%}
        lower(trim({{ column }})) as key_{{ loop.index }},
        {% endfor -%}
        coalesce(valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ model }}

),

ordered as (

    select
        numbered.*,
        lead(valid_from) over (
            partition by {% for column in key %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
            order by valid_from, valid_to
        ) as next_valid_from
    from numbered

)

select *
from ordered
where next_valid_from < valid_to
    or valid_to <= valid_from

{% endtest %}
