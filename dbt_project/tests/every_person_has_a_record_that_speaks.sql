-- Of each person at least one record survives, and at least one speaks for status and owner.
select person_id
from {{ ref('person_record') }}
group by person_id
having
    max(case when is_survivor then 1 else 0 end) = 0
    or max(case when speaks then 1 else 0 end) = 0
