-- One row per fact of a metric whose figure goes on ripening after its period has ended: when what
-- it says came true. A decision in June about an MQL of May belongs to May, and is no late data.
with

deals as (

    select * from {{ ref('opportunity') }}

),

wins as (

    select * from {{ ref('win') }}

),

acceptances as (

    select * from {{ ref('sal') }}

),

follow_ups as (

    select * from {{ ref('follow_up') }}

),

-- The amount of a deal may be given up to 30 days after it became pipeline.
amounts as (

    select
        opportunity_id as subject_id,
        amount_stamped_at as settled_at
    from deals
    where amount_stamped_at is not null

),

cohort_metrics as (

    select 'cohort_win_rate' as metric
    union all
    select 'cohort_win_rate_at_most' as metric
    union all
    select 'cohort_resolved' as metric

),

won_episodes as (

    select
        deals.episode_id as subject_id,
        min(wins.closed_at) as settled_at
    from deals
    inner join wins on deals.opportunity_id = wins.opportunity_id
    where wins.outcome = 'won' and deals.episode_id is not null
    group by 1

),

settled as (

    select
        'pipeline_created' as metric,
        subject_id,
        settled_at
    from amounts

    union all

    select
        'marketing_sourced_share' as metric,
        subject_id,
        settled_at
    from amounts

    union all

    select
        'amount_missing' as metric,
        subject_id,
        settled_at
    from amounts

    union all

    select
        'marketing_influenced_share' as metric,
        subject_id,
        settled_at
    from amounts

    union all

    select
        'marketing_accelerated_share' as metric,
        subject_id,
        settled_at
    from amounts

    union all

    select
        cohort_metrics.metric,
        wins.opportunity_id as subject_id,
        wins.closed_at as settled_at
    from wins
    cross join cohort_metrics

    union all

    select
        'mql_to_won' as metric,
        subject_id,
        settled_at
    from won_episodes

    union all

    select
        'sales_acceptance' as metric,
        episode_id as subject_id,
        coalesce(decided_at, decision_due_at) as settled_at
    from acceptances

    union all

    select
        'decided_in_time' as metric,
        episode_id as subject_id,
        coalesce(decided_at, decision_due_at) as settled_at
    from acceptances

    union all

    select
        'sla_met' as metric,
        episode_id as subject_id,
        coalesce(responded_at, due_at) as settled_at
    from follow_ups

    union all

    select
        'response_minutes' as metric,
        episode_id as subject_id,
        responded_at as settled_at
    from follow_ups

    union all

    select
        'routing_minutes' as metric,
        episode_id as subject_id,
        assigned_at as settled_at
    from follow_ups

    union all

    select
        'working_minutes' as metric,
        episode_id as subject_id,
        responded_at as settled_at
    from follow_ups

)

select * from settled
where settled_at is not null
