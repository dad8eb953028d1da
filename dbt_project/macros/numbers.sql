{# A 64-bit floating number: dbt's `type_float` has 32 bits on DuckDB, too few for money. #}
{% macro double_type() -%}
    {{ return(adapter.dispatch('double_type', 'onefunnel')()) }}
{%- endmacro %}

{% macro default__double_type() -%}
    double precision
{%- endmacro %}

{% macro spark__double_type() -%}
    double
{%- endmacro %}
