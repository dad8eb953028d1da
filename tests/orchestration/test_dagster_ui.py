"""The Dagster UI as a new user meets it: nothing configured, "Materialize all", a release."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
import requests

from tests.running import COMMAND, environment, onefunnel

pytestmark = [pytest.mark.slow, pytest.mark.chromium, pytest.mark.timeout(1500)]

PATIENCE = 300
GROUPS = [
    "salesforce", "hubspot", "run", "seeds", "staging", "intermediate", "definitions", "marts",
    "copies", "pages", "release",
]  # fmt: skip
RUNS = "{ runsOrError { ... on Runs { results { runId status } } } }"
CHECKS = """{ assetNodes { assetChecksOrError { ... on AssetChecks { checks {
    name blocking executionForLatestMaterialization { status evaluation { severity } } } } } } }"""
REPOSITORY = """{ repositoriesOrError { ... on RepositoryConnection {
    nodes { name location { name } } } } }"""
LAUNCH = """mutation ($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params)
    { __typename ... on LaunchRunSuccess { run { runId } } } }"""
FINISHED = {"SUCCESS", "FAILURE", "CANCELED"}


@dataclass(frozen=True)
class Dev:
    """A running `onefunnel dev`."""

    home: Path
    env: dict[str, str]
    process: subprocess.Popen
    url: str

    def ask(self, query: str, **variables: object) -> dict:
        answer = requests.post(
            f"{self.url}/graphql",
            json={"query": query, "variables": variables},
            timeout=PATIENCE,
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def status_of_runs(self) -> dict[str, str]:
        runs = self.ask(RUNS)["runsOrError"]["results"]
        return {run["runId"]: run["status"] for run in runs}


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """`onefunnel dev` in an empty home, while another program has the usual port."""
    home = tmp_path_factory.mktemp("dev") / "home"
    said = home.with_name("said.txt")
    env = environment(home)
    with socket.socket() as other, said.open("w") as output:
        try:
            other.bind(("127.0.0.1", 3000))
            other.listen()
        except OSError:
            pass  # some program has it already
        process = start_dev(env, output)
        try:
            url = address(process, said)
            assert not url.endswith(":3000"), "that port was taken"
            yield Dev(home, env, process, url)
        finally:
            end(process)


def start_dev(env: dict[str, str], output: IO[str]) -> subprocess.Popen:
    return subprocess.Popen(
        [COMMAND, "dev"], env=env, stdout=output, stderr=output, start_new_session=True
    )


def address(process: subprocess.Popen, said: Path) -> str:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        found = re.search(r"The Dagster UI is at (http://127\.0\.0\.1:\d+)", said.read_text())
        if found:
            return found[1]
        time.sleep(0.5)
    raise AssertionError(f"the UI did not start: {said.read_text()[-3000:]}")


def end(process: subprocess.Popen) -> None:
    """What Ctrl-C does in a terminal; insist if it is not heard."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(timeout=180)
            except subprocess.TimeoutExpired:
                continue


def descendants(pid: int) -> set[int]:
    """Every process that came of this one."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, more = set(), {pid}
    while more:
        found |= more
        more = {child for child, parent in parents.items() if parent in more} - found
    return found - {pid}


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for_run(dev: Dev, known: set[str]) -> str:
    """Status of the run that is not among the known ones, once it has ended."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        for run, status in dev.status_of_runs().items():
            if run not in known and status in FINISHED:
                return status
        time.sleep(1)
    raise AssertionError(f"no run ended in time: {dev.status_of_runs()}")


@pytest.fixture
def page(browser, dev) -> Iterator:
    tab = browser.new_page(viewport={"width": 1600, "height": 900})
    tab.set_default_timeout(PATIENCE * 1000)
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def materialised(browser, dev) -> Dev:
    """After "Materialize all" in the lineage of an empty home."""
    tab = browser.new_page(viewport={"width": 1600, "height": 900})
    tab.set_default_timeout(PATIENCE * 1000)
    tab.goto(f"{dev.url}/asset-groups")
    button = tab.get_by_role("button", name="Materialize all")
    button.wait_for()
    for group in GROUPS:
        tab.get_by_text(group, exact=True).first.wait_for()
    assert not (dev.home / "current").exists()
    button.click()
    assert wait_for_run(dev, known=set()) == "SUCCESS"
    tab.close()
    return dev


def test_materialize_all_publishes_site_and_warehouse(materialised):
    assert (materialised.home / "current/site/index.html").is_file()
    assert (materialised.home / "current/published.duckdb").is_file()


def test_no_check_fails_and_every_blocking_one_passed(materialised):
    checks = [
        check
        for node in materialised.ask(CHECKS)["assetNodes"]
        for check in node["assetChecksOrError"].get("checks", [])
    ]
    assert len(checks) > 100
    for check in checks:
        execution = check["executionForLatestMaterialization"]
        assert execution, check
        if execution["status"] != "SUCCEEDED":
            assert not check["blocking"], check
            assert execution["evaluation"]["severity"] == "WARN", check


def test_the_pages_of_assets_show_checks_row_counts_and_charts(materialised, page):
    page.goto(f"{materialised.url}/assets/definitions/mql")
    page.get_by_text("Row count").first.wait_for()
    assert re.search(r"Row count\s+[1-9][\d,]*", page.inner_text("body"))
    page.goto(f"{materialised.url}/assets/definitions/mql?view=checks")
    page.get_by_text("Succeeded").first.wait_for()
    assert "Failed" not in page.inner_text("body")
    page.goto(f"{materialised.url}/assets/site/overview")
    page.locator('img[src^="data:image/svg+xml"]').first.wait_for()


def test_a_part_materialised_in_the_ui_or_by_command_never_changes_what_is_served(materialised):
    served = os.readlink(materialised.home / "current")
    releases = set(os.listdir(materialised.home / "releases"))
    known = set(materialised.status_of_runs())
    node = materialised.ask(REPOSITORY)["repositoriesOrError"]["nodes"][0]
    params = {
        "selector": {
            "repositoryName": node["name"],
            "repositoryLocationName": node["location"]["name"],
            "pipelineName": "__ASSET_JOB",
            "assetSelection": [{"path": ["definitions", "mql"]}],
            "assetCheckSelection": [],
        },
        "mode": "default",
    }
    launched = materialised.ask(LAUNCH, params=params)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    assert wait_for_run(materialised, known) == "SUCCESS"
    done = onefunnel(
        "run", "--select", 'key:"definitions/mql"', env=materialised.env, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert os.readlink(materialised.home / "current") == served
    assert set(os.listdir(materialised.home / "releases")) == releases


def test_the_terminal_shows_dbt_at_work_and_no_event_of_a_run(materialised):
    said = materialised.home.with_name("said.txt").read_text()
    assert "Completed" in said
    assert "DEBUG" not in said


def assert_all_end(started: set[int]) -> None:
    give_up = time.monotonic() + 30
    while any(map(is_alive, started)) and time.monotonic() < give_up:
        time.sleep(0.2)
    assert [pid for pid in started if is_alive(pid)] == []


def test_ctrl_c_ends_every_process(materialised):
    started = descendants(materialised.process.pid)
    assert len(started) >= 4, "local CRM, code server, web server and daemon"
    end(materialised.process)
    assert materialised.process.returncode == 0
    assert_all_end(started)


def test_a_kill_leaves_no_process_behind(tmp_path):
    said = tmp_path / "said.txt"
    with said.open("w") as output:
        process = start_dev(environment(tmp_path / "home"), output)
    address(process, said)
    started = descendants(process.pid)
    assert len(started) >= 4
    process.kill()
    process.wait()
    assert_all_end(started)
