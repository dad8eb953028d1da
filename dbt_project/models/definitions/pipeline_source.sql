-- Sourced pipeline
-- Each opportunity in pipeline has exactly one source: that of the episode that led to it, if it
-- was recent enough; else the opportunity's own first source. An unknown source belongs to no
-- team.
--
-- To change it, edit the tests in "sourced", or in opportunity how recent an episode has to be, and
-- open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

opportunities as (

    select * from {{ ref('opportunity') }}
    where is_pipeline

),

led as (

    select * from {{ ref('int_opportunity_episode') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

own_sources as (

    select * from {{ ref('int_opportunity_source') }}

),

campaigns as (

    select
        opportunity_id,
        campaign_id
    from {{ ref('int_opportunity') }}

),

judged as (

    select
        opportunities.opportunity_id,
        opportunities.amount_reporting,
        opportunities.pipeline_at,
        opportunities.is_led_by_episode,
        led.episode_id
    from opportunities
    left join led on opportunities.opportunity_id = led.opportunity_id

),

sourced as (

    select
        judged.*,
        case
            when judged.is_led_by_episode then episodes.source
            else own_sources.source
        end as source,
        case
            when judged.is_led_by_episode then episodes.channel
            else own_sources.channel
        end as channel,
        case when judged.is_led_by_episode then episodes.team else own_sources.team end as team,
        case
            when judged.is_led_by_episode then coalesce(episodes.campaign_id, campaigns.campaign_id)
            else campaigns.campaign_id
        end as campaign_id,
        episodes.source as episode_source,
        own_sources.source as opportunity_source,
        own_sources.is_drifted
    from judged
    left join episodes on judged.episode_id = episodes.episode_id
    left join own_sources on judged.opportunity_id = own_sources.opportunity_id
    left join campaigns on judged.opportunity_id = campaigns.opportunity_id

),

final as (

    select
        opportunity_id,
        coalesce(source, 'Unknown') as source,
        coalesce(channel, source, 'Unknown') as channel,
        coalesce(team, 'unknown') as team,
        case
            when coalesce(source, 'Unknown') in ('Unknown', 'Not recorded') then 'unknown'
            when is_led_by_episode then 'episode'
            else 'opportunity'
        end as rule,
        amount_reporting as amount,
        pipeline_at,
        campaign_id,
        episode_source,
        opportunity_source,
        is_drifted
    from sourced

)

select * from final
