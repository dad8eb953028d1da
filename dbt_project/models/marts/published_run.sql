-- One row: the run that made this warehouse, as of when, how fresh each source was, and the
-- definitions in force (JSON text).
{{ config(alias='run') }}

with

this_run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

versions as (

    select * from {{ ref('stg_onefunnel__definition_version') }}
    where is_in_force

),

as_json as (

    select
        '{' || coalesce({{ dbt.listagg(
            "'\"' || definition || '\": ' || cast(version as " ~ dbt.type_string() ~ ")",
            "', '", "order by definition"
        ) }}, '') || '}' as definition_versions
    from versions

)

select
    this_run.run_id,
    this_run.as_of,
    this_run.landing_fingerprint,
    this_run.salesforce_watermark,
    this_run.hubspot_watermark,
    calendar.reporting_time_zone,
    calendar.currency,
    as_json.definition_versions
from this_run
cross join calendar
cross join as_json
