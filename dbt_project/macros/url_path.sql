{#
    The path of an address, in lower case: no scheme, host, query, fragment or trailing slash.
    `https://www.example.com/Pricing/?plan=a` gives `/pricing`; a bare host gives `/`.
#}
{% macro url_path(column) -%}
    {%- set address -%}
    {{ dbt.split_part(dbt.split_part('lower(' ~ trimmed(column) ~ ')', "'?'", 1), "'#'", 1) }}
    {%- endset -%}
    {%- set rest -%}
    case when {{ address }} like '%://%'
        then {{ dbt.split_part(address, "'://'", 2) }} else {{ address }} end
    {%- endset -%}
    case
        when ({{ rest }}) not like '%/%' then '/'
        else coalesce(nullif(rtrim(substr({{ rest }}, {{ dbt.position("'/'", rest) }}), '/'), ''), '/')
    end
{%- endmacro %}
