{#
    Whether a row of Salesforce counts: it is there, or was deleted together with a record that it names. Needs
    `deleted_records` (int_deleted_record).
#}
{% macro happened(rows, names) -%}
    (
        not {{ rows }}.is_deleted
        {%- for name in names %}
        or {{ name }} in (select deleted_records.record_id from deleted_records)
        {%- endfor %}
    )
{%- endmacro %}
