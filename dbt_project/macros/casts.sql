{#
    Casts from the raw text of the landing. A value that cannot be read becomes null and is counted by
    cast_failures(), so it is visible on Data health and never silent. Times become UTC timestamps without zone.
#}

{% macro as_text(column) -%}
    nullif({{ trimmed(column) }}, '')
{%- endmacro %}

{# Text without blanks around it. #}
{% macro trimmed(column) -%}
    {{ adapter.dispatch('trimmed', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__trimmed(column) -%}
    trim({{ column }})
{%- endmacro %}

{#
    DuckDB knows the blanks of all scripts and looks at each text sign by sign. Where every sign is one byte long, only
    a space can be blank, and nearly no text begins or ends with one: asking first costs a seventh.
#}
{% macro duckdb__trimmed(column) -%}
    case
        when starts_with({{ column }}, ' ') or suffix({{ column }}, ' ') or strlen({{ column }}) <> length({{ column }})
            then trim({{ column }})
        else {{ column }}
    end
{%- endmacro %}

{% macro as_number(column) -%}
    {{ adapter.dispatch('as_number', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__as_number(column) -%}
    cast({{ as_text(column) }} as numeric(28, 6))
{%- endmacro %}

{% macro duckdb__as_number(column) -%}
    try_cast({{ as_text(column) }} as numeric(28, 6))
{%- endmacro %}

{# Both vendors send whole numbers as `200`, `200.0` or `2.0E2`. #}
{% macro as_integer(column) -%}
    {{ adapter.dispatch('as_integer', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__as_integer(column) -%}
    cast(cast({{ as_text(column) }} as numeric(28, 6)) as bigint)
{%- endmacro %}

{% macro duckdb__as_integer(column) -%}
    try_cast(try_cast({{ as_text(column) }} as double) as bigint)
{%- endmacro %}

{% macro as_boolean(column) -%}
    {{ adapter.dispatch('as_boolean', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__as_boolean(column) -%}
    cast({{ as_text(column) }} as boolean)
{%- endmacro %}

{% macro duckdb__as_boolean(column) -%}
    try_cast({{ as_text(column) }} as boolean)
{%- endmacro %}

{# A date-only field is never shifted by a time zone: of a longer text the first ten characters are the date. #}
{% macro as_date(column) -%}
    {{ adapter.dispatch('as_date', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__as_date(column) -%}
    cast(substr({{ as_text(column) }}, 1, 10) as date)
{%- endmacro %}

{% macro duckdb__as_date(column) -%}
    try_cast(substr({{ as_text(column) }}, 1, 10) as date)
{%- endmacro %}

{#
    ISO with `Z`, `+0000` or another offset; epoch milliseconds (12 to 14 digits) or seconds (9 to 11 digits).
    What says that it is UTC, as nearly everything does, needs no calendar of time zones, which would cost ten times more.
#}
{% macro as_timestamp(column) -%}
    {{ adapter.dispatch('as_timestamp', 'onefunnel')(column) }}
{%- endmacro %}

{% macro default__as_timestamp(column) -%}
    cast({{ as_text(column) }} as timestamp)
{%- endmacro %}

{% macro duckdb__as_timestamp(column) -%}
    {%- set text = as_text(column) -%}
    case
        when {{ text }} like '%Z' or {{ text }} like '%+0000'
            then try_cast({{ text }} as timestamp)
        when regexp_full_match({{ text }}, '-?[0-9]{12,14}')
            then make_timestamp(try_cast({{ text }} as bigint) * 1000)
        when regexp_full_match({{ text }}, '-?[0-9]{9,11}')
            then make_timestamp(try_cast({{ text }} as bigint) * 1000000)
        else try_cast({{ text }} as timestamptz) at time zone 'UTC'
    end
{%- endmacro %}

{# How many of a row's typed values were given but could not be read. casts: list of (macro name, column). #}
{% macro cast_failures(casts) -%}
    {%- set readers = {
        'as_boolean': as_boolean,
        'as_date': as_date,
        'as_integer': as_integer,
        'as_number': as_number,
        'as_timestamp': as_timestamp,
    } -%}
    {%- for cast_name, column in casts %}
    case
        when {{ as_text(column) }} is not null and {{ readers[cast_name](column) }} is null then 1 else 0
    end{{ ' +' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
