"""Checks beyond dbt's tests: is the data as of lately, and does every mapping know its values?

Freshness of the run and of the data are two things: a schedule that runs every morning over a
source that stands still is fresh by the first and stale by the second.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from onefunnel.private_warehouse import PrivateWarehouse
from onefunnel.releases import Releases
from onefunnel.releasing import Releasing
from onefunnel.unmapped import unmapped_values
from orchestration.failures import told
from orchestration.keys import PUBLISHED, RUN
from orchestration.resources import Pipeline

SOURCES = ("salesforce", "hubspot")
STALE_AFTER = timedelta(hours=26)


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            f"{source}_data_is_recent",
            asset=RUN,
            description=f"What is known of {source} reaches to {STALE_AFTER} before the run.",
        )
        for source in SOURCES
    ]
)
def data_is_recent(pipeline: Pipeline) -> Iterator[dg.AssetCheckResult]:
    """Compare each source's watermark with the moment as of which the run judges."""
    with told(pipeline.config.home.private):
        facts = PrivateWarehouse(pipeline.config.home).facts()
    for source in SOURCES:
        watermark = getattr(facts, f"{source}_watermark")
        yield dg.AssetCheckResult(
            asset_key=RUN,
            check_name=f"{source}_data_is_recent",
            passed=watermark is not None and facts.as_of - watermark <= STALE_AFTER,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"watermark": str(watermark), "as_of": str(facts.as_of)},
        )


@dg.asset_check(asset=PUBLISHED, description="Values of the CRMs that no mapping knows, if any.")
def every_value_is_mapped(
    context: dg.AssetCheckExecutionContext, pipeline: Pipeline
) -> dg.AssetCheckResult:
    """List them: each is a row to add to a seed (`onefunnel doctor --draft-mappings`)."""
    with told(pipeline.config.home.releases):
        draft = Releasing(pipeline.config, context.run.run_id).draft / "published.duckdb"
        served = Releases(pipeline.config.home).link / "published.duckdb"
        values = unmapped_values(draft if draft.is_file() else served)
    lines = [f"| {value.mapping} | {value.value} | {value.records:,} |" for value in values[:50]]
    table = "\n".join(["| mapping | value | records |", "|---|---|---|", *lines])
    return dg.AssetCheckResult(
        passed=not values,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"values": len(values), "list": dg.MetadataValue.md(table)},
    )
