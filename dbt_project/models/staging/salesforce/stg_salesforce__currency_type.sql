-- One row per currency of the organisation.
with

ranked as (

    {{ version_ranked(source('salesforce', 'CurrencyType'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as currency_type_id,
        {{ as_text('IsoCode') }} as currency,
        {{ as_number('ConversionRate') }} as conversion_rate,
        {{ as_boolean('IsCorporate') }} as is_corporate,
        {{ as_boolean('IsActive') }} as is_active,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_number', 'ConversionRate'),
            ('as_boolean', 'IsCorporate'),
            ('as_boolean', 'IsActive'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
