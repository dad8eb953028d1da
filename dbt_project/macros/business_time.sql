{#
    Business time: opening hours are local, so they are turned into UTC day by day, and a day that
    gains or loses an hour stays honest. See `int_business_day`.
#}

{# The moment (UTC) of a local time in the given zone. #}
{% macro from_reporting_time(column, zone) -%}
    {{ return(adapter.dispatch('from_reporting_time', 'onefunnel')(column, zone)) }}
{%- endmacro %}

{% macro default__from_reporting_time(column, zone) -%}
    (({{ column }} at time zone {{ zone }}) at time zone 'UTC')
{%- endmacro %}

{% macro spark__from_reporting_time(column, zone) -%}
    to_utc_timestamp({{ column }}, {{ zone }})
{%- endmacro %}

{# 1 is Monday, 7 is Sunday. #}
{% macro iso_weekday(column) -%}
    {{ return(adapter.dispatch('iso_weekday', 'onefunnel')(column)) }}
{%- endmacro %}

{% macro default__iso_weekday(column) -%}
    cast(extract(isodow from {{ column }}) as bigint)
{%- endmacro %}

{% macro spark__iso_weekday(column) -%}
    cast(weekday({{ column }}) + 1 as bigint)
{%- endmacro %}

{#
    Business seconds that have passed since the calendar's first day. `day` is a row of
    `int_business_day` joined on the local day of `moment`; the difference of two of these is the
    business time between two moments.
#}
{% macro business_seconds(moment, day) -%}
    {{ day }}.seconds_before + greatest(
        0, least({{ day }}.seconds, {{ dbt.datediff(day ~ '.opens_at', moment, 'second') }})
    )
{%- endmacro %}
