{#
    Times are stored in UTC without zone; days and periods begin at midnight of the reporting zone
    (`reporting_time_zone` of the calendar seed).
#}

{% macro reporting_time(column, zone) -%}
    {{ return(adapter.dispatch('reporting_time', 'onefunnel')(column, zone)) }}
{%- endmacro %}

{% macro default__reporting_time(column, zone) -%}
    (({{ column }} at time zone 'UTC') at time zone {{ zone }})
{%- endmacro %}

{% macro spark__reporting_time(column, zone) -%}
    from_utc_timestamp({{ column }}, {{ zone }})
{%- endmacro %}

{# The day in the reporting zone on which a moment lies. #}
{% macro reporting_date(column, zone) -%}
    cast({{ reporting_time(column, zone) }} as date)
{%- endmacro %}

{# The moment at which a day of the reporting zone begins: cheaper to compare with than the days of all moments. #}
{% macro start_of_day(day, zone) -%}
    {{ from_reporting_time("cast(" ~ day ~ " as timestamp)", zone) }}
{%- endmacro %}

{# An end that has not come, for comparing intervals whose `valid_to` is still open. #}
{% macro far_future() -%}
    cast('9999-12-31' as timestamp)
{%- endmacro %}

{# A beginning before all, for intervals whose `valid_from` is open. #}
{% macro far_past() -%}
    cast('0001-01-01' as timestamp)
{%- endmacro %}

{# Two columns more for a seed whose rows hold on certain days: the moments between which each holds. Needs `calendar`. #}
{% macro validity_moments(seed) -%}
    coalesce(
        {{ start_of_day(seed ~ ".valid_from", "calendar.reporting_time_zone") }}, {{ far_past() }}
    ) as starts_at,
    coalesce(
        {{ start_of_day(seed ~ ".valid_to", "calendar.reporting_time_zone") }}, {{ far_future() }}
    ) as ends_at
{%- endmacro %}

{# The first day of the fiscal quarter in which a day lies: shifted back by the months by which the fiscal year begins later, truncated, shifted forth. #}
{% macro fiscal_quarter_of(day, fiscal_shift) -%}
    {%- set shifted = dbt.dateadd('month', '-' ~ fiscal_shift, day) -%}
    cast({{ dbt.dateadd('month', fiscal_shift, dbt.date_trunc('quarter', shifted)) }} as date)
{%- endmacro %}

{# The first day of the week in which a day lies; `week_start` is that of the calendar seed. #}
{% macro week_of(day, week_start) -%}
    {%- set next_day = dbt.dateadd('day', 1, day) -%}
    {%- set sunday = dbt.dateadd('day', -1, dbt.date_trunc('week', next_day)) -%}
    {%- set day_after_next = dbt.dateadd('day', 2, day) -%}
    {%- set saturday = dbt.dateadd('day', -2, dbt.date_trunc('week', day_after_next)) -%}
    cast(
        case
            when lower({{ week_start }}) = 'sunday' then {{ sunday }}
            when lower({{ week_start }}) = 'saturday' then {{ saturday }}
            else {{ dbt.date_trunc('week', day) }}
        end as date
    )
{%- endmacro %}
