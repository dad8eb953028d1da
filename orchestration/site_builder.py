"""The site's builder; a checkout without pages has an empty one."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def page_slugs() -> tuple[str, ...]:
    """Pages in the order of the navigation."""
    try:
        from dashboards import site
    except ImportError:
        return ()
    return site.page_slugs()


def page_title(slug: str) -> str:
    """The question that a page answers."""
    from dashboards import site

    return site.page_title(slug)


def build_page(slug: str, draft: Path) -> Any:
    """Write one page of a release that is being prepared."""
    from dashboards import site

    return site.build_page(slug, draft / "published.duckdb", draft / "site", **artifacts(draft))


def finish(draft: Path) -> Any:
    """Write what the pages share, and check the site as a whole."""
    from dashboards import site

    return site.finish(draft / "published.duckdb", draft / "site", **artifacts(draft))


def artifacts(draft: Path) -> dict[str, Path]:
    """What the pages say about definitions and tests comes from the build's own record."""
    return {"manifest": draft / "manifest.json", "run_results": draft / "run_results.json"}
