-- Every opportunity's weights add up to 1 in each model, so attributed and unattributed pipeline
-- together are the pipeline created, whatever the model.
with

attributed as (

    select * from {{ ref('attribution') }}

),

pipeline_sources as (

    select * from {{ ref('pipeline_source') }}

),

weights as (

    select
        opportunity_id,
        model,
        sum(weight) as weight
    from attributed
    group by 1, 2

),

models as (

    select
        model,
        sum(amount) as amount
    from attributed
    group by 1

),

created as (

    select coalesce(sum(amount), 0) as amount
    from pipeline_sources

)

select
    opportunity_id || ' in ' || model as what,
    weight as found
from weights
where abs(weight - 1) > 0.000001

union all

select
    'pipeline created in ' || models.model as what,
    models.amount - created.amount as found
from models
cross join created
where abs(models.amount - created.amount) > 1
