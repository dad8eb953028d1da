"""Fixtures that every package's tests share: telemetry off, Chromium, the parsed dbt project."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

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

# What costs most, first, so that two workers end together: fixtures that several files share (one
# worker then makes each once) and long files.
LONGEST = ("story", "built", "test_loss", "test_olist", "unit_tested", "test_cases")

os.environ.update(
    DO_NOT_TRACK="1",
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    DAGSTER_DISABLE_TELEMETRY="1",
)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a fixture of the session, or a file, with one worker; longest first."""

    def group(item: pytest.Item) -> str:
        names = (*getattr(item, "fixturenames", ()), item.path.stem)
        return next((name for name in LONGEST if name in names), item.nodeid.partition("::")[0])

    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(
        key=lambda item: LONGEST.index(group(item)) if group(item) in LONGEST else len(LONGEST)
    )


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
    """The dbt manifest of the project as it stands in the work tree."""
    target = tmp_path_factory.mktemp("dbt_target")
    done = subprocess.run(
        [
            Path(sys.executable).parent / "dbt",
            "parse",
            "--project-dir",
            DBT_PROJECT,
            "--profiles-dir",
            DBT_PROJECT,
            "--target-path",
            target,
            "--log-path",
            target,
        ],
        env={**os.environ, "ONEFUNNEL_WAREHOUSE": str(target / "warehouse.duckdb")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture(scope="session")
def olist() -> Path:
    """Folder of the real Olist funnel, beside the repository; skips where it is absent."""
    folder = ROOT.parent / "shared" / "data" / "olist"
    if not (folder / "olist_closed_deals_dataset.csv").exists():
        pytest.skip(f"the Olist data set is not at {folder}: see docs/real-data.md")
    return folder


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    """A first run, a second with nothing new, a third a week later, one from scratch then."""
    from connectors.sandbox.company import build
    from connectors.sandbox.serve import start
    from tests.running import run

    base = tmp_path_factory.mktemp("story")
    sandbox = start(build("small", seed=7))
    home = base / "home"
    releases = {}
    try:
        for name in ("first", "again"):
            run(home, sandbox.url)
            releases[name] = (home / "current").resolve()
        sandbox.world.advance_to(sandbox.world.now + timedelta(days=7))
        run(home, sandbox.url)
        releases["week later"] = (home / "current").resolve()
        run(base / "scratch", sandbox.url)
        releases["scratch"] = (base / "scratch" / "current").resolve()
    finally:
        sandbox.stop()
    return {"home": home, "releases": releases}
