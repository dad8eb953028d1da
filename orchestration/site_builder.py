"""The site's builder; a checkout without pages has an empty one."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any


BUILDER = "dashboards.site"


def builder() -> Any:
    """The module that writes pages."""
    return importlib.import_module(BUILDER)


def page_slugs() -> tuple[str, ...]:
    """Pages in the order of the navigation."""
    return builder().page_slugs() if importlib.util.find_spec(BUILDER) else ()


def page_title(slug: str) -> str:
    """The question that a page answers."""
    return builder().page_title(slug)


def build_page(slug: str, draft: Path) -> Any:
    """Write one page of a release that is being prepared."""
    return builder().build_page(slug, draft / "published.duckdb", draft / "site", **artifacts(draft))


def finish(draft: Path) -> Any:
    """Write what the pages share, and check the site as a whole."""
    return builder().finish(draft / "published.duckdb", draft / "site", **artifacts(draft))


def artifacts(draft: Path) -> dict[str, Path]:
    """What the pages say about definitions and tests comes from the build's own record."""
    return {"manifest": draft / "manifest.json", "run_results": draft / "run_results.json"}
