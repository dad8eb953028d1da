-- noqa: disable=LT02
-- Clause by clause: how many rows a definition judged, how many passed, failed, could not be
-- judged, and how many fail by this clause alone, so that its weight can be seen before it changes.
--
-- `either`: clauses of which one is enough; they fail together. A clause that speaks against the
-- row (`c_disqualified`) passes when it is false.
{% set judged = {
    'mql': {
        'model': ref('mql'),
        'rows': 'true',
        'all': ['c_icp_fit', 'c_not_customer', 'c_no_open_opportunity', 'c_not_excluded'],
        'either': ['c_engaged', 'c_hand_raised'],
    },
    'sal': {
        'model': ref('sal'),
        'rows': 'true',
        'all': ['c_owned_by_person', 'c_accepted_status'],
        'either': [],
    },
    'sal_standard': {
        'model': ref('sal_standard'),
        'rows': 'true',
        'all': [
            'c_company_known',
            'c_firmographics_known',
            'c_title_known',
            'c_source_known',
            'c_corporate_address',
            'c_icp_fit_known',
        ],
        'either': [],
    },
    'icp': {
        'model': ref('icp'),
        'rows': 'valid_to is null',
        'all': ['c_industry', 'c_employees', 'c_region', 'c_revenue', 'not c_disqualified'],
        'either': [],
    },
    'follow_up': {
        'model': ref('follow_up'),
        'rows': 'true',
        'all': ['c_answered', 'c_in_time'],
        'either': [],
    },
    'opportunity': {
        'model': ref('opportunity'),
        'rows': 'true',
        'all': ['c_new_business', 'c_not_removed', 'c_accepted_stage', 'c_not_excluded'],
        'either': [],
    },
} %}

with

{% for definition, rule in judged.items() %}
{{ definition }}_rows as (

    select * from {{ rule.model }}
    where {{ rule.rows }}

),

{% endfor %}
counted as (

{% for definition, rule in judged.items() %}
{% set outer_loop = loop %}
{% for clause in rule['all'] + rule['either'] %}
{% set others = rule['all'] | reject('equalto', clause) | list %}
    select
        '{{ definition }}' as definition,
        '{{ clause.split(' ') | last }}' as clause,
        {{ loop.index }} as clause_order,
        {{ 'true' if clause in rule['either'] else 'false' }} as is_alternative,
        count(*) as judged,
        sum(case when {{ clause }} then 1 else 0 end) as passed,
        sum(case when not ({{ clause }}) then 1 else 0 end) as failed,
        sum(case when ({{ clause }}) is null then 1 else 0 end) as unknown,
        sum(
            case
                when not ({{ clause }})
                {%- for other in others %}
                    and coalesce(({{ other }}), true)
                {%- endfor %}
                {%- if rule['either'] and clause in rule['either'] %}
                {%- for other in rule['either'] if other != clause %}
                    and not coalesce({{ other }}, false)
                {%- endfor %}
                {%- elif rule['either'] %}
                    and ({% for other in rule['either'] %}coalesce({{ other }}, false)
                        {{- ' or ' if not loop.last }}{% endfor %})
                {%- endif %}
                    then 1
                else 0
            end
        ) as failed_alone
    from {{ definition }}_rows
    {{ 'union all' if not (loop.last and outer_loop.last) }}
{% endfor %}
{% endfor %}

)

select
    definition,
    clause,
    cast(clause_order as bigint) as clause_order,
    is_alternative,
    cast(judged as bigint) as judged,
    cast(coalesce(passed, 0) as bigint) as passed,
    cast(coalesce(failed, 0) as bigint) as failed,
    cast(coalesce(unknown, 0) as bigint) as unknown,
    cast(coalesce(failed_alone, 0) as bigint) as failed_alone
from counted
