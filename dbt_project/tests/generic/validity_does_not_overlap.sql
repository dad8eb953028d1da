{#
    Validity of one key may not overlap: at each moment at most one row holds. `valid_to` is the first
    moment that no longer counts; an empty end is open. Keys are compared as look-ups compare them,
    trimmed and case-folded.
#}
{% test validity_does_not_overlap(model, keys, valid_from='valid_from', valid_to='valid_to') %}

with

periods as (

    select
        {% for key in keys -%}
        lower(trim(cast({{ key }} as {{ dbt.type_string() }}))) as key_{{ loop.index }},
        {% endfor -%}
        coalesce({{ valid_from }}, cast('0001-01-01' as date)) as valid_from,
        coalesce({{ valid_to }}, cast('9999-12-31' as date)) as valid_to
    from {{ model }}

),

ordered as (

    select
        periods.*,
        lead(valid_from) over (
            partition by {% for key in keys %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
            order by valid_from, valid_to
        ) as next_valid_from
    from periods

)

select * from ordered
where
    valid_to <= valid_from
    or next_valid_from < valid_to

{% endtest %}
