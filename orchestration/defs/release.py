"""The release: two copies of the warehouse, one asset per page, and the change of the link."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from dashboards import site
from onefunnel.published_copy import PUBLIC, REVIEW
from orchestration.defs.warehouse import build_models
from orchestration.failures import told
from orchestration.progress import tell
from orchestration.releasing import Releasing, keys_in, page_metadata, table_metadata
from orchestration.resources import Pipeline

PUBLISHED = dg.AssetKey(["release", "published_warehouse"])
REVIEWED = dg.AssetKey(["release", "review_warehouse"])
PAGES = {dg.AssetKey(["site", slug]): slug for slug in site.page_slugs()}
SLOW = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
)


@dg.asset(
    key=PUBLISHED,
    deps=keys_in(PUBLIC, build_models),
    group_name="release",
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
    group_name="release",
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


@dg.multi_asset(
    name="pages",
    can_subset=True,
    specs=[
        dg.AssetSpec(
            key,
            deps=[PUBLISHED],
            group_name="pages",
            owners=["team:marketing", "team:sales"],
            kinds={"plotly"},
            description=site.page_title(slug),
        )
        for key, slug in PAGES.items()
    ],
)
def render_pages(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> Iterator[dg.MaterializeResult]:
    """Render the selected pages from the copy."""
    with told(pipeline.config.home.releases):
        releasing = Releasing(pipeline.config, context.run_id)
        wanted = [key for key in PAGES if key in context.selected_asset_keys]
        for number, key in enumerate(wanted):
            tell("release", f"page {PAGES[key]}", number, len(wanted))
            report = releasing.build_page(PAGES[key])
            yield dg.MaterializeResult(asset_key=key, metadata=page_metadata(report))


@dg.asset(
    key=dg.AssetKey(["release", "current"]),
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
    metadata = {"release": release.name, "as_of": release.as_of, **release.facts["headline"]}
    return dg.MaterializeResult(metadata=metadata)
