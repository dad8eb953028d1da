"""Warehouses and sites that the tests of pages share: built once a session."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards import site
from tests.dashboards import fixture


def _site(folder: Path, *, hostile: bool) -> Path:
    warehouse = folder / "published.duckdb"
    fixture.write(warehouse, 1_200 if hostile else 3_000, hostile=hostile)
    target = folder.parent / "target"
    site.build(
        warehouse,
        folder / "site",
        manifest=target / "manifest.json",
        run_results=target / "run_results.json",
        built_at=datetime.now(UTC),
    )
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `published.duckdb`, `target/` and `site/`."""
    return _site(tmp_path_factory.mktemp("plausible"), hostile=False)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same from sources that an attacker typed into a form."""
    return _site(tmp_path_factory.mktemp("hostile"), hostile=True)


@pytest.fixture(scope="session")
def warehouse(built: Path) -> Any:
    """The published tables, read-only."""
    con = duckdb.connect(str(built / "published.duckdb"), read_only=True)
    yield con
    con.close()


class Visit:
    """A page opened in a browser, with all that went wrong on the way."""

    def __init__(self, browser: Any, folder: Path, **context: Any) -> None:
        self.context = browser.new_context(accept_downloads=True, **context)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.outside: list[str] = []
        self.site = folder / "site"
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, address: str) -> Any:
        """Open a page and wait until its figures stand."""
        self.page.goto(f"file://{self.site}/{address}")
        self.page.wait_for_selector('html[data-ready="1"]', timeout=30_000)
        return self.page

    def settle(self) -> None:
        """Wait for two frames, so that a change is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


@pytest.fixture
def visit(browser: Any) -> Any:
    """Open pages of a built folder; closed afterwards."""
    opened: list[Visit] = []

    def start(folder: Path, **context: Any) -> Visit:
        opened.append(Visit(browser, folder, **context))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()
