{# How an account's fit is called on the pages, and in which order: tiers, outside, not known. #}
{% macro icp_tier_label(fit, tier) -%}
    case
        when {{ fit }} = 'fit' then 'Tier ' || coalesce({{ tier }}, 'B')
        when {{ fit }} = 'not_fit' then 'Outside the ICP'
        else 'Not enough known'
    end
{%- endmacro %}

{% macro icp_tier_rank(fit, tier) -%}
    case
        when {{ fit }} = 'fit' and {{ tier }} = 'A' then 1
        when {{ fit }} = 'fit' then 2
        when {{ fit }} = 'not_fit' then 3
        else 4
    end
{%- endmacro %}
