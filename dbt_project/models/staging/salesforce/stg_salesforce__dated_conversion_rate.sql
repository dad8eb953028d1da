-- One row per currency and validity of a rate (foreign units for one corporate unit).
with

ranked as (

    {{ version_ranked(source('salesforce', 'DatedConversionRate'), ['Id']) }}

),

casted as (

    select
        {{ as_text('Id') }} as rate_id,
        {{ as_text('IsoCode') }} as currency,
        {{ as_date('StartDate') }} as valid_from,
        {{ as_date('NextStartDate') }} as valid_to,
        {{ as_number('ConversionRate') }} as conversion_rate,
        _is_deleted as is_deleted,
        _source_modified_at as source_modified_at,
        _extracted_at as extracted_at,
        {{ cast_failures([
            ('as_date', 'StartDate'),
            ('as_date', 'NextStartDate'),
            ('as_number', 'ConversionRate'),
        ]) }} as cast_failures
    from ranked
    where version_rank = 1

)

select * from casted
