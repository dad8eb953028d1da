-- One row per opportunity with a loss reason or competitor, in the shared words.
with

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

loss_reasons as (

    select
        loss_reason.*,
        {{ validity_moments('loss_reason') }}
    from {{ ref('loss_reason') }} as loss_reason
    cross join calendar

),

competitors as (

    select
        competitor.*,
        {{ validity_moments('competitor') }}
    from {{ ref('competitor') }} as competitor
    cross join calendar

),

given as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        opportunities.raw_loss_reason,
        opportunities.raw_competitor,
        progress.entered_at as given_at
    from opportunities
    inner join progress on opportunities.opportunity_id = progress.opportunity_id
    where opportunities.raw_loss_reason is not null
        or opportunities.raw_competitor is not null

),

mapped as (

    select
        given.opportunity_id,
        given.system,
        given.given_at,
        given.raw_loss_reason,
        case
            when given.raw_loss_reason is not null then coalesce(loss_reasons.reason, 'unmapped')
        end as loss_reason,
        given.raw_competitor,
        case
            when given.raw_competitor is not null then coalesce(competitors.competitor, 'unmapped')
        end as competitor
    from given
    left join loss_reasons
        on given.system = loss_reasons.system
            and lower(given.raw_loss_reason) = lower(trim(loss_reasons.value))
            and given.given_at >= loss_reasons.starts_at
            and given.given_at < loss_reasons.ends_at
    left join competitors
        on lower(given.raw_competitor) = lower(trim(competitors.value))
            and given.given_at >= competitors.starts_at
            and given.given_at < competitors.ends_at

)

select * from mapped
