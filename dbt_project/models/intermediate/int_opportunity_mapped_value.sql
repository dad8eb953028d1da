-- One row per value of the CRM that an opportunity's mapping had to know, and whether it does.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

histories as (

    select * from {{ ref('int_opportunity_history') }}
    where field = 'stage'
        and value is not null

),

stages as (

    select
        opportunity_stage.system,
        lower(trim(opportunity_stage.stage)) as stage_key,
        {{ validity_moments('opportunity_stage') }}
    from {{ ref('opportunity_stage') }} as opportunity_stage
    cross join calendar

),

stages_given as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        histories.value,
        histories.changed_at as given_at
    from histories
    inner join opportunities on histories.opportunity_id = opportunities.opportunity_id
    inner join run on histories.changed_at <= run.as_of

    union

    select
        opportunities.opportunity_id,
        opportunities.system,
        opportunities.stage as value,
        opportunities.created_at as given_at
    from opportunities
    where opportunities.stage is not null
        and opportunities.opportunity_id not in (select histories.opportunity_id from histories)

),

all_values as (

    select
        'opportunity_stage' as mapping,
        stages_given.system,
        stages_given.value,
        stages_given.given_at,
        stages.stage_key is null as is_unmapped
    from stages_given
    left join stages
        on stages_given.system = stages.system
            and lower(trim(stages_given.value)) = stages.stage_key
            and stages_given.given_at >= stages.starts_at
            and stages_given.given_at < stages.ends_at

    union all

    select
        'opportunity_type' as mapping,
        system,
        coalesce(raw_type, '(empty)') as value,
        created_at as given_at,
        type_kind = 'unmapped' as is_unmapped
    from opportunities

    union all

    select
        'loss_reason' as mapping,
        system,
        raw_loss_reason as value,
        given_at,
        loss_reason = 'unmapped' as is_unmapped
    from {{ ref('int_opportunity_loss') }}
    where raw_loss_reason <> '(free text)'

    union all

    select
        'competitor' as mapping,
        system,
        raw_competitor as value,
        given_at,
        competitor = 'unmapped' as is_unmapped
    from {{ ref('int_opportunity_loss') }}
    where raw_competitor is not null

    union all

    select
        'opportunity_source' as mapping,
        system,
        raw_source as value,
        cast(given_on as timestamp) as given_at,
        source = 'Unmapped' as is_unmapped
    from {{ ref('int_opportunity_source') }}
    where raw_source is not null

)

select * from all_values
