"""Fixtures that every package's tests share: telemetry off, Chromium, the parsed dbt project."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from onefunnel import dbt_manifest
from onefunnel.home import Home

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = ROOT / "dbt_project"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Tests that stay with one worker, since they share a long fixture, by the start of their file; all
# others go by file. What takes longest begins first, so that two workers end together.
SHARED = {
    "tests/review/test_impact.py": "story",
    "tests/review/test_impact_base.py": "story",
    "tests/test_end_to_end.py": "story",
    "tests/dashboards/": "pages",
}
LONGEST = ("story", "pages", "tests/connectors/test_loss.py", "tests/test_olist.py",
           "tests/dbt_project/test_unit_tests.py", "tests/test_cases.py")  # fmt: skip

os.environ.update(
    DO_NOT_TRACK="1",
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    DAGSTER_DISABLE_TELEMETRY="1",
)


def of_one_worker(nodeid: str) -> str:
    """What a test belongs to: the tests of one name run one after another in one worker."""
    file = nodeid.partition("::")[0]
    return next((name for start, name in SHARED.items() if file.startswith(start)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first; within a group as written."""
    order = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(of_one_worker(item.nodeid), len(order)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Two workers share the tests by these groups."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return of_one_worker(nodeid)

    return ByGroup(config, log)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium; the test skips where it is absent (and fails there in CI)."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path:
        return path
    message = "Chromium is not installed: apt-get install chromium"
    if os.environ.get("REQUIRE_CHROMIUM"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator:
    """One headless Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The dbt manifest of the project as it stands in the work tree.

    Parsed anew only when a file of the project changed: each worker asks for it.
    """
    home = Home(tmp_path_factory.mktemp("manifest")).create()
    return dbt_manifest.read(dbt_manifest.ensure(home))


@pytest.fixture(scope="session")
def olist() -> Path:
    """Folder of the real Olist funnel, beside the repository; skips where it is absent."""
    folder = ROOT.parent / "shared" / "data" / "olist"
    if not (folder / "olist_closed_deals_dataset.csv").exists():
        pytest.skip(f"the Olist data set is not at {folder}: see docs/real-data.md")
    return folder


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    """A first run and one a week later; the local CRM stays, for runs after these."""
    from connectors.sandbox.company import build
    from connectors.sandbox.serve import start
    from tests.running import run

    base = tmp_path_factory.mktemp("story")
    sandbox = start(build("small", seed=7))
    home = base / "home"
    releases = {}
    try:
        run(home, sandbox.url)
        releases["first"] = (home / "current").resolve()
        sandbox.world.advance_to(sandbox.world.now + timedelta(days=7))
        run(home, sandbox.url)
        releases["week later"] = (home / "current").resolve()
        yield {"home": home, "releases": releases, "url": sandbox.url}
    finally:
        sandbox.stop()
