"""Names of assets that more than one file of `defs/` speaks of."""

from __future__ import annotations

import dagster as dg

from dashboards import site

RUN = dg.AssetKey(["onefunnel", "run"])
PUBLISHED = dg.AssetKey(["release", "published_warehouse"])
REVIEWED = dg.AssetKey(["release", "review_warehouse"])
CURRENT = dg.AssetKey(["release", "current"])
PAGES = {dg.AssetKey(["site", slug]): slug for slug in site.page_slugs()}
