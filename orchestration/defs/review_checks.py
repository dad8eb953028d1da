"""Checks of what both teams agreed and saw: is every rule signed, did a published figure move?"""

import dagster as dg

from onefunnel.agreeing import not_agreed
from onefunnel.releasing import Releasing
from onefunnel.restating import moved_by_this_run
from orchestration.failures import told
from orchestration.keys import PUBLISHED
from orchestration.resources import Pipeline


@dg.asset_check(asset=PUBLISHED, description="Both teams signed each rule, and read it lately.")
def every_definition_is_agreed(
    context: dg.AssetCheckExecutionContext, pipeline: Pipeline
) -> dg.AssetCheckResult:
    """List those that somebody must look at (`onefunnel history` says who)."""
    with told(pipeline.config.home.releases):
        found = not_agreed(Releasing(pipeline.config, context.run.run_id).readable)
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"definitions": len(found), "list": dg.MetadataValue.md("\n\n".join(found))},
    )


@dg.asset_check(asset=PUBLISHED, description="Figures of closed months are what was published.")
def no_published_figure_moved(
    context: dg.AssetCheckExecutionContext, pipeline: Pipeline
) -> dg.AssetCheckResult:
    """Warn of those that this release moves; the page Restatements says why."""
    with told(pipeline.config.home.releases):
        found = moved_by_this_run(Releasing(pipeline.config, context.run.run_id).readable)
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"figures": len(found), "list": dg.MetadataValue.md("\n\n".join(found[:50]))},
    )
