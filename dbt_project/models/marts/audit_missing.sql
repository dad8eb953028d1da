-- What the records lack that a shared definition needs, in all and among those of the last 90 days.
with

lacking as (

    select * from {{ ref('int_missing_field') }}

)

select
    place,
    subject,
    lacks,
    records,
    missing,
    recent_records,
    recent_missing
from lacking
