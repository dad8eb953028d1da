{#
    Every landed row with its place among the versions of its key: `version_rank` 1 is the newest. Nearly all keys land
    once, so only rows of keys that landed more often are sorted: sorting all rows, whole as they are, cost three times
    as much. A hash tells them apart, and two keys that share one do no harm: both are sorted, each by itself.

    rows: a source itself. A CTE in its place would be kept in memory, whole, since it is read three times.
    rank: `rank` where several rows of a key make up one version.
    first_known: names of new columns, and of which column each has the first value that landed and is not empty. Beside
    each stands, with `_at` after its name, when it came if it was not there from the first version on.
    only: which rows are wanted, by what is the same in all versions of a key.
#}
{% macro version_ranked(rows, key, rank='row_number', first_known={}, only='1 = 1') -%}
    {%- set by_key = key | join(', ') -%}
    with

    repeated as (

        select {{ key_hash(key) }} as key_hash
        from {{ rows }} as landed
        where {{ only }}
        group by 1
        having count(*) > 1

    )

    select
        landed.*,
        {{ rank }}() over (
            partition by {{ by_key }}
            order by _source_modified_at desc nulls last, _extracted_at desc, _batch_id desc
        ) as version_rank
        {%- for name, column in first_known.items() %}
        {%- set given_first -%}
        over (
            partition by {{ by_key }}
            order by
                case when {{ given(as_text(column)) }} is null then 1 else 0 end,
                _source_modified_at,
                _extracted_at,
                _batch_id
        )
        {%- endset -%},
        first_value({{ as_text(column) }}) {{ given_first }} as {{ name }},
        nullif(
            first_value(_source_modified_at) {{ given_first }},
            min(_source_modified_at) over (partition by {{ by_key }})
        ) as {{ name }}_at
        {%- endfor %}
    from {{ rows }} as landed
    inner join repeated on {{ key_hash(key) }} = repeated.key_hash
    where {{ only }}
    union all
    select
        landed.*,
        1 as version_rank
        {%- for name, column in first_known.items() %},
        {{ as_text(column) }} as {{ name }},
        nullif(_source_modified_at, _source_modified_at) as {{ name }}_at
        {%- endfor %}
    from {{ rows }} as landed
    left join repeated on {{ key_hash(key) }} = repeated.key_hash
    where repeated.key_hash is null and {{ only }}
{%- endmacro %}

{# A number or short text that is the same for the same key. #}
{% macro key_hash(key) -%}
    {{ adapter.dispatch('key_hash', 'onefunnel')(key) }}
{%- endmacro %}

{% macro default__key_hash(key) -%}
    {%- set parts = [] -%}
    {%- for column in key %}{% do parts.append("coalesce(cast(" ~ column ~ " as varchar), '')") %}{% endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}

{% macro duckdb__key_hash(key) -%}
    hash({{ key | join(', ') }})
{%- endmacro %}

{# The values that a column of a source had in versions older than the newest, one row a record and value. #}
{% macro former_values(source_name, table, key, column, key_name, name) -%}
    with

    ranked as (

        {{ version_ranked(source(source_name, table), [key]) }}

    ),

    former as (

        select distinct
            {{ as_text(key) }} as {{ key_name }},
            {{ as_text(column) }} as {{ name }}
        from ranked
        where version_rank > 1

    )

    select * from former
    where {{ name }} is not null
{%- endmacro %}
