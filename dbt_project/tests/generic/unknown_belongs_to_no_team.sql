{# A source that nobody knows is given to no team, and only it is decided by the rule `unknown`. #}
{% test unknown_belongs_to_no_team(model) %}

select *
from {{ model }}
where (source in ('Unknown', 'Not recorded', 'Unmapped') and team <> 'unknown')
    or (source in ('Unknown', 'Not recorded') and rule <> 'unknown')
    or (source not in ('Unknown', 'Not recorded') and rule = 'unknown')

{% endtest %}
