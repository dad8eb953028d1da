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

{# The lower quartile (1), the median (2) or the upper quartile (3). #}
{% macro quartile(column, nth) -%}
    {{ return(adapter.dispatch('quartile', 'onefunnel')(column, nth)) }}
{%- endmacro %}

{% macro default__quartile(column, nth) -%}
    percentile_cont({{ nth / 4 }}) within group (order by {{ column }})
{%- endmacro %}

{# The same list each time, so that values are sorted once for all three. #}
{% macro duckdb__quartile(column, nth) -%}
    quantile_cont({{ column }}, [0.25, 0.5, 0.75])[{{ nth }}]
{%- endmacro %}
