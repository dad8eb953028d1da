-- One row per problem that the ideal customer has, as both teams agreed to say it.
with

problems as (

    select * from {{ ref('icp_problem') }}

)

select
    problem,
    felt_by,
    said_as,
    worth
from problems
