-- One row per entry of an opportunity into a mapped stage, in order; deletion is the entry into
-- "removed".
--
-- Witnesses, best first: the stage history; the field history for what the stage history lacks;
-- the record itself for what neither tells (`is_inferred`). A stage outside the mapping is no
-- entry, so the last mapped one goes on; it is counted in int_opportunity_unmapped.
with

tolerance as (

    -- A history that begins later than this after creation has lost its beginning.
    select 1 as hours_until_late

),

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

stage_mapping as (

    select
        opportunity_stage.system,
        lower(trim(opportunity_stage.stage)) as stage_key,
        opportunity_stage.kind,
        opportunity_stage.stage_rank,
        {{ validity_moments('opportunity_stage') }}
    from {{ ref('opportunity_stage') }} as opportunity_stage
    cross join calendar

),

witnessed as (

    select * from {{ ref('int_opportunity_history') }}
    where field = 'stage'

),

-- A HubSpot stage that was deleted keeps the last label that it had.
stage_labels as (

    select
        stage_id,
        max(stage_label) as stage_label
    from {{ ref('stg_hubspot__pipeline_stage') }}
    where object_type = 'deals'
    group by 1

),

witnessed_by_now as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        opportunities.created_at,
        witnessed.changed_at as entered_at,
        witnessed.value as stage,
        witnessed.witness_id,
        false as is_inferred
    from witnessed
    inner join opportunities on witnessed.opportunity_id = opportunities.opportunity_id
    inner join run on witnessed.changed_at <= run.as_of
    where witnessed.value is not null

),

beginnings as (

    select
        opportunity_id,
        min(entered_at) as first_witnessed_at
    from witnessed_by_now
    group by 1

),

-- No history by now: the stage that the first later change replaced, or the one of the record
-- where there is none. Open deals count from creation, closed ones from their close date.
unwitnessed as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        opportunities.created_at,
        case
            when stage_mapping.kind in ('not_accepted', 'accepted') then opportunities.created_at
            when
                {{ start_of_day('opportunities.close_date', 'calendar.reporting_time_zone') }}
                between opportunities.created_at and run.as_of
                then {{ start_of_day('opportunities.close_date', 'calendar.reporting_time_zone') }}
            else opportunities.created_at
        end as entered_at,
        coalesce(replaced.value, opportunities.stage) as stage,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        true as is_inferred
    from opportunities
    cross join run
    cross join calendar
    left join beginnings on opportunities.opportunity_id = beginnings.opportunity_id
    left join witnessed as replaced
        on opportunities.opportunity_id = replaced.opportunity_id
            and replaced.is_replaced
    left join stage_mapping
        on opportunities.system = stage_mapping.system
            and lower(trim(coalesce(replaced.value, opportunities.stage))) = stage_mapping.stage_key
            and opportunities.created_at >= stage_mapping.starts_at
            and opportunities.created_at < stage_mapping.ends_at
    where beginnings.opportunity_id is null
        and coalesce(replaced.value, opportunities.stage) is not null

),

all_entries as (

    select * from witnessed_by_now

    union all

    select * from unwitnessed

),

mapped as (

    select
        all_entries.*,
        stage_mapping.kind,
        stage_mapping.stage_rank
    from all_entries
    inner join stage_mapping
        on all_entries.system = stage_mapping.system
            and lower(trim(all_entries.stage)) = stage_mapping.stage_key
            and all_entries.entered_at >= stage_mapping.starts_at
            and all_entries.entered_at < stage_mapping.ends_at

),

newest as (

    select
        mapped.*,
        row_number() over (
            partition by opportunity_id
            order by
                {{ dbt.date_trunc('second', 'entered_at') }} desc,
                stage_rank desc,
                witness_id desc
        ) as position
    from mapped

),

-- The record says another stage than the newest history row: the change itself was not seen.
unseen as (

    select
        opportunities.opportunity_id,
        opportunities.system,
        opportunities.created_at,
        opportunities.modified_at as entered_at,
        opportunities.stage,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        true as is_inferred,
        stage_mapping.kind,
        stage_mapping.stage_rank
    from opportunities
    inner join run on opportunities.modified_at <= run.as_of
    inner join newest
        on opportunities.opportunity_id = newest.opportunity_id
            and newest.position = 1
            and opportunities.modified_at > newest.entered_at
    inner join stage_mapping
        on opportunities.system = stage_mapping.system
            and lower(trim(opportunities.stage)) = stage_mapping.stage_key
            and opportunities.modified_at >= stage_mapping.starts_at
            and opportunities.modified_at < stage_mapping.ends_at
    where newest.kind <> stage_mapping.kind
        or newest.stage_rank <> stage_mapping.stage_rank

),

-- An opportunity that never was in a mapped stage still has one row, under its own name.
never_mapped as (

    select
        all_entries.opportunity_id,
        all_entries.system,
        all_entries.created_at,
        all_entries.entered_at,
        all_entries.stage,
        all_entries.witness_id,
        all_entries.is_inferred,
        'unmapped' as kind,
        cast(null as bigint) as stage_rank,
        row_number() over (
            partition by all_entries.opportunity_id
            order by all_entries.entered_at, all_entries.witness_id
        ) as position
    from all_entries
    left join newest
        on all_entries.opportunity_id = newest.opportunity_id
            and newest.position = 1
    where newest.opportunity_id is null

),

entries as (

    select
        opportunity_id,
        system,
        created_at,
        entered_at,
        stage,
        witness_id,
        is_inferred,
        kind,
        stage_rank
    from mapped

    union all

    select
        opportunity_id,
        system,
        created_at,
        entered_at,
        stage,
        witness_id,
        is_inferred,
        kind,
        stage_rank
    from unseen

    union all

    select
        opportunity_id,
        system,
        created_at,
        entered_at,
        stage,
        witness_id,
        is_inferred,
        kind,
        stage_rank
    from never_mapped
    where position = 1

    union all

    select
        opportunity_id,
        system,
        created_at,
        deleted_at as entered_at,
        '(deleted)' as stage,
        cast(null as {{ dbt.type_string() }}) as witness_id,
        false as is_inferred,
        'removed' as kind,
        cast(1000 as bigint) as stage_rank
    from opportunities
    where deleted_at is not null

),

-- Two changes in the same second are ordered by the rank of their stages; a deletion is last.
ordered as (

    select
        entries.*,
        row_number() over (
            partition by opportunity_id
            order by
                case when stage = '(deleted)' then 1 else 0 end,
                {{ dbt.date_trunc('second', 'entered_at') }},
                stage_rank,
                entered_at,
                witness_id
        ) as position
    from entries

),

compared as (

    select
        ordered.*,
        lag(lower(trim(stage))) over (
            partition by opportunity_id
            order by position
        ) as previous_stage
    from ordered

),

-- Saving an opportunity again in the same stage is no new entry.
entered as (

    select
        compared.opportunity_id,
        compared.system,
        compared.created_at,
        compared.entered_at,
        compared.stage,
        compared.kind,
        compared.stage_rank,
        compared.is_inferred,
        row_number() over (
            partition by compared.opportunity_id
            order by compared.position
        ) as sequence
    from compared
    where compared.previous_stage is null
        or compared.previous_stage <> lower(trim(compared.stage))

),

with_neighbours as (

    select
        entered.*,
        lead(entered_at) over (partition by opportunity_id order by sequence) as left_at,
        lag(stage_rank) over (partition by opportunity_id order by sequence) as previous_rank,
        lag(kind) over (partition by opportunity_id order by sequence) as previous_kind
    from entered

),

final as (

    select
        with_neighbours.opportunity_id,
        with_neighbours.entered_at,
        with_neighbours.left_at,
        with_neighbours.stage,
        coalesce(stage_labels.stage_label, with_neighbours.stage) as stage_label,
        with_neighbours.kind,
        with_neighbours.stage_rank,
        cast(with_neighbours.sequence as bigint) as sequence,
        with_neighbours.left_at is null as is_current,
        with_neighbours.is_inferred,
        coalesce(
            with_neighbours.sequence = 1
            and with_neighbours.entered_at
            <= {{
                dbt.dateadd('hour', 'tolerance.hours_until_late', 'with_neighbours.created_at')
            }},
            false
        ) as is_at_creation,
        coalesce(with_neighbours.stage_rank < with_neighbours.previous_rank, false) as is_backward,
        -- Also what was lost and is won after all, without having been open between.
        coalesce(
            with_neighbours.previous_kind in ('won', 'lost', 'unqualified', 'removed')
            and with_neighbours.kind in ('not_accepted', 'accepted', 'won', 'lost')
            and with_neighbours.kind <> with_neighbours.previous_kind,
            false
        ) as is_reopening,
        beginnings.first_witnessed_at is null
        or beginnings.first_witnessed_at
        > {{ dbt.dateadd('hour', 'tolerance.hours_until_late', 'with_neighbours.created_at') }}
            as is_history_late
    from with_neighbours
    cross join tolerance
    left join beginnings on with_neighbours.opportunity_id = beginnings.opportunity_id
    left join stage_labels
        on with_neighbours.system = 'hubspot'
            and with_neighbours.stage = stage_labels.stage_id

)

select * from final
