"""When: one schedule on one job of everything."""

import dagster as dg

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all(),
    description="Extract, build, test and publish, in one run: what `onefunnel run` does.",
)

# A schedule rather than an automation sensor: that one starts stopped, and a run of everything is
# the only one that may publish.
every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=everything,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
