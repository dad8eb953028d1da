"""One asset per page of the site, rendered from the release's own copy of the warehouse."""

from collections.abc import Iterator

import dagster as dg

from dashboards import site
from onefunnel.releasing import Releasing
from orchestration.failures import told
from orchestration.keys import PAGES, PUBLISHED
from orchestration.progress import tell
from orchestration.resources import Pipeline
from orchestration.shown import page_metadata


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
