{#
    Validity of one key may not overlap: at each moment exactly one row holds. `valid_to` is the first
    moment that no longer counts; an empty end is open.
#}
{% test validity_does_not_overlap(model, keys, valid_from='valid_from', valid_to='valid_to') %}

with periods as (

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {{ valid_from }} as valid_from,
        {{ valid_to }} as valid_to,
        lead({{ valid_from }}) over (
            partition by {{ keys | join(', ') }}
            order by case when {{ valid_from }} is null then 0 else 1 end, {{ valid_from }}
        ) as next_valid_from,
        count(*) over (
            partition by {{ keys | join(', ') }}
            order by case when {{ valid_from }} is null then 0 else 1 end, {{ valid_from }}
            rows between 1 following and unbounded following
        ) as later_periods
    from {{ model }}

)

select * from periods
where
    valid_to <= valid_from
    or (
        later_periods > 0
        and (valid_to is null or next_valid_from is null or valid_to > next_valid_from)
    )

{% endtest %}
