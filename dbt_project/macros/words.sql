{#
    The words of a text alone, folded: `V.P., Sales & Ops` reads `vp sales ops`.
#}
{% macro words(column) -%}
    {%- set folded = namespace(text="replace(lower(trim(" ~ column ~ ")), '.', '')") -%}
    {%- for mark in [',', ';', ':', '/', '-', '&', '+', '|', '(', ')'] -%}
        {%- set folded.text = "replace(" ~ folded.text ~ ", '" ~ mark ~ "', ' ')" -%}
    {%- endfor -%}
    {{ folded.text }}
{%- endmacro %}
