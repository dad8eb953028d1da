{# Every lost deal has a reason row, be it `No reason given` or `unmapped`, and an end; an open one has neither. #}
{% test lost_deals_have_a_reason(model) %}

select *
from {{ model }}
where (outcome = 'lost' and loss_reason is null)
    or (outcome = 'open' and (loss_reason is not null or closed_at is not null))
    or (outcome <> 'open' and closed_at is null)

{% endtest %}
