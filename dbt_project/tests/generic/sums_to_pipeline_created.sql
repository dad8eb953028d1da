{# The sources add up to pipeline created: the same opportunities, the same amounts. #}
{% test sums_to_pipeline_created(model) %}

with

sourced as (

    select
        count(*) as opportunities,
        coalesce(sum(amount), 0) as amount,
        count(amount) as amounts
    from {{ model }}

),

created as (

    select
        count(*) as opportunities,
        coalesce(sum(amount_reporting), 0) as amount,
        count(amount_reporting) as amounts
    from {{ ref('opportunity') }}
    where is_pipeline

)

select *
from sourced
cross join created
where sourced.opportunities <> created.opportunities
    or sourced.amount <> created.amount
    or sourced.amounts <> created.amounts

{% endtest %}
