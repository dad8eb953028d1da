{#
    Parts of web addresses, by splitting alone so that every engine can do it.
#}

{# `https://www.Acme.com:443/about?x=1` → `acme.com`; nothing readable → null. #}
{% macro website_domain(column) -%}
    {%- set bare = "replace(replace(lower(trim(" ~ column ~ ")), 'https://', ''), 'http://', '')" -%}
    {%- set host = dbt.split_part(bare, "'/'", 1) -%}
    {%- set host = dbt.split_part(host, "'?'", 1) -%}
    {%- set host = dbt.split_part(host, "':'", 1) -%}
    nullif(case when {{ host }} like 'www.%' then substr({{ host }}, 5) else {{ host }} end, '')
{%- endmacro %}

{#
    A parameter of a page's address: folded, without blanks; `undefined`, `null`, `(not set)` and
    `none` are what broken tags write and count as empty.
#}
{% macro url_parameter(column, name) -%}
    {%- set query = "'&' || replace(" ~ dbt.split_part("lower(" ~ column ~ ")", "'#'", 1) ~ ", '?', '&')" -%}
    {%- set value = dbt.split_part(query, "'&" ~ name ~ "='", 2) -%}
    {%- set value = dbt.split_part(value, "'&'", 1) -%}
    case
        when
            trim(replace(replace({{ value }}, '%20', ' '), '+', ' '))
            in ('', 'undefined', 'null', '(not set)', '(none)', 'none')
            then null
        else trim(replace(replace({{ value }}, '%20', ' '), '+', ' '))
    end
{%- endmacro %}
