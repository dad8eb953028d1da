{# Every opportunity has its row, so that nothing vanishes between created and closed. #}
{% test covers_every_opportunity(model) %}

select opportunities.opportunity_id
from {{ ref('opportunity') }} as opportunities
left join {{ model }} as judged
    on opportunities.opportunity_id = judged.opportunity_id
where judged.opportunity_id is null

{% endtest %}
