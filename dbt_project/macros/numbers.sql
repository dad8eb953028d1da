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

{# Lower quartile, median and upper quartile as a list whose places are 1 to 3: values are sorted once and not thrice. #}
{% macro quartiles(column) -%}
    {{ return(adapter.dispatch('quartiles', 'onefunnel')(column)) }}
{%- endmacro %}

{% macro default__quartiles(column) -%}
    quantile_cont({{ column }}, [0.25, 0.5, 0.75])
{%- endmacro %}

{# Spark counts places from 0. #}
{% macro spark__quartiles(column) -%}
    percentile({{ column }}, array(0, 0.25, 0.5, 0.75))
{%- endmacro %}
