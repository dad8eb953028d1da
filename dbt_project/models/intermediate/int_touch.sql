-- Every touch between a person and us, one row each, with the channel it came by.
-- `is_human` is false for bots, sequences and integrations; `is_response` says which touches may
-- influence an opportunity: a person took part. A touch whose person is unknown keeps its row.
with

marketing_touches as (

    select * from {{ ref('int_marketing_touch') }}

),

sales_touches as (

    select * from {{ ref('int_sales_touch') }}

),

campaigns as (

    select * from {{ ref('stg_salesforce__campaign') }}

),

channels as (

    select * from {{ ref('touch_channel') }}

),

touches as (

    select
        touch_id,
        person_id,
        touched_at,
        kind,
        system,
        value,
        campaign_id,
        cast(null as varchar) as user_id,
        true as is_by_prospect,
        is_human
    from marketing_touches
    union all
    select
        touch_id,
        person_id,
        touched_at,
        kind,
        system,
        cast(null as varchar) as value,
        cast(null as varchar) as campaign_id,
        user_id,
        is_by_prospect,
        is_human
    from sales_touches

),

channelled as (

    select
        touches.touch_id,
        touches.person_id,
        touches.touched_at,
        touches.kind,
        touches.system,
        coalesce(special.source, general.source) as source,
        coalesce(special.channel, general.channel) as channel,
        coalesce(special.team, general.team) as team,
        touches.campaign_id,
        touches.value,
        touches.user_id,
        touches.is_by_prospect,
        touches.is_human,
        touches.is_human and touches.kind not in ('meeting_booked', 'task') as is_response
    from touches
    left join campaigns on touches.campaign_id = campaigns.campaign_id
    left join channels as special
        on touches.kind = special.kind
            and lower(campaigns.campaign_type) = lower(special.campaign_type)
    left join channels as general
        on touches.kind = general.kind
            and general.campaign_type is null

)

select * from channelled
