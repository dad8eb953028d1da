"""The release: two copies of the warehouse, and the change of the link that readers follow."""

from datetime import timedelta

import dagster as dg

from onefunnel.published_copy import PUBLIC, REVIEW
from onefunnel.releasing import Releasing
from orchestration.defs.warehouse import build_models
from orchestration.failures import told
from orchestration.keys import CURRENT, PAGES, PUBLISHED, REVIEWED
from orchestration.progress import tell
from orchestration.resources import Pipeline
from orchestration.shown import keys_in, table_metadata

SLOW = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
)


@dg.asset(
    key=PUBLISHED,
    deps=keys_in(PUBLIC, build_models),
    group_name="copies",
    owners=["team:data"],
    kinds={"duckdb"},
    description="What every reader opens: definitions and marts of one complete, tested build.",
)
def published_warehouse(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> dg.MaterializeResult:
    """Copy the public schemas; refused without an audit stamp."""
    with told(pipeline.config.home.releases):
        tell("release", "published warehouse", 0)
        releasing = Releasing(pipeline.config, context.run_id)
        counts = releasing.copy_published()
        metadata = table_metadata(counts, releasing.draft / "published.duckdb")
    return dg.MaterializeResult(metadata=metadata)


@dg.asset(
    key=REVIEWED,
    deps=[*keys_in(REVIEW, build_models)],
    group_name="copies",
    owners=["team:data"],
    kinds={"duckdb"},
    description="What a reviewer of a changed rule compares with; no personal columns.",
)
def review_warehouse(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """Copy what a reviewer needs; refused without an audit stamp."""
    with told(pipeline.config.home.releases):
        releasing = Releasing(pipeline.config, context.run_id)
        counts = releasing.copy_review()
        metadata = table_metadata(counts, releasing.draft / "review.duckdb")
    return dg.MaterializeResult(metadata=metadata)


@dg.asset(
    key=CURRENT,
    deps=[PUBLISHED, REVIEWED, *PAGES],
    group_name="release",
    owners=["team:data"],
    kinds={"html", "duckdb"},
    freshness_policy=SLOW,
    description="What is served: warehouse and site of one run, replaced together.",
)
def current_release(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """Seal the release, record its figures, and change the link that readers follow."""
    with told(pipeline.config.home.releases):
        tell("release", "publish", 0)
        release = Releasing(pipeline.config, context.run_id).publish()
    about = {"release": release.name, "as_of": release.as_of, "digest": release.facts["digest"]}
    metadata = {**about, **release.facts["headline"]}
    return dg.MaterializeResult(metadata=metadata)
