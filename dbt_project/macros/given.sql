{# A value that somebody gave: what broken forms and tags write in its place counts as empty. #}
{% macro given(column) -%}
    case
        when lower({{ trimmed(column) }}) not in ('', 'undefined', 'null', '(not set)') then {{ column }}
    end
{%- endmacro %}
