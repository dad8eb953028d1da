{# A folder's schema is the plain name (`definitions`), so that readers find the same tables everywhere. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
