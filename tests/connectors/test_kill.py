"""kill -9 anywhere during extraction, then a run: the landing of an undisturbed run."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.landing import Landing
from connectors.sandbox import serve
from connectors.sandbox.company import build
from tests.connectors.conftest import Crm

READ = """
import sys
from pathlib import Path
from connectors import CONNECTORS
from connectors.extract import extract
from connectors.landing import Landing
from connectors.settings import HubSpotSettings, SalesforceSettings
url, root, *names = sys.argv[1:]
settings = {"salesforce": SalesforceSettings(url, "a", "b"), "hubspot": HubSpotSettings("x", url)}
print("reading", flush=True)
connectors = [spec.connect(settings[spec.source]) for spec in CONNECTORS]
select = {tuple(name.split("/")) for name in names}
list(extract(connectors, Landing(Path(root)), select=select))
"""
NAMES = (
    "salesforce/User",
    "salesforce/Lead",
    "salesforce/LeadHistory",
    "salesforce/Task",
    "hubspot/contacts",
    "hubspot/companies",
    "hubspot/contacts_history",
    "hubspot/associations",
    "hubspot/forms",
    "hubspot/form_submissions",
)


def contents(landing: Landing) -> dict[str, tuple]:
    return {
        f"{batch.source}/{batch.stream}/{batch.batch_id}": (
            batch.rows,
            batch.window_end,
            batch.marks,
            tuple(part.sha256 for part in batch.files),
        )
        for batch in landing.all_manifests()
    }


def start_reading(url: str, root: Path) -> subprocess.Popen:
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, url, str(root), *NAMES], stdout=subprocess.PIPE
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    return reader


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    with serve.start(build("small")) as sandbox:
        crm = Crm(sandbox, tmp_path_factory.mktemp("kill"))
        crm.read(*NAMES, into="undisturbed")
        yield crm


def test_a_killed_run_leaves_no_trace(crm: Crm) -> None:
    chance, root, kills = random.Random(7), crm.folder / "killed", 0
    for _ in range(4):
        reader = start_reading(crm.url, root)
        time.sleep(chance.uniform(0.05, 0.5))
        if reader.poll() is None:
            os.kill(reader.pid, signal.SIGKILL)
            kills += 1
        reader.wait()
    crm.read(*NAMES, into="killed")
    assert kills
    assert contents(crm.landing("killed")) == contents(crm.landing("undisturbed"))
    assert not list(root.rglob(".writing-*"))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_around_the_rename_leaves_no_trace(crm: Crm, moment: str) -> None:
    kill = "os.kill(os.getpid(), 9) if 'Lead' in str(target) else None"
    before, after = (kill, "pass") if moment == "before" else ("pass", kill)
    patch = f"""
import os
from connectors import batch
rename = os.rename
def worst(source, target):
    {before}
    rename(source, target)
    {after}
batch.os.rename = worst
"""
    root = crm.folder / moment
    done = subprocess.run(
        [sys.executable, "-c", patch + READ, crm.url, str(root), *NAMES],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    crm.read(*NAMES, into=moment)
    assert contents(crm.landing(moment)) == contents(crm.landing("undisturbed"))


def test_a_full_disk_is_named_and_the_next_run_goes_on(crm: Crm) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))\n"
    root = crm.folder / "full"
    done = subprocess.run(
        [sys.executable, "-c", limit + READ, crm.url, str(root), *NAMES],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "LandingDamaged" in done.stderr
    assert f"the landing in {root} could not be read or written" in done.stderr
    crm.read(*NAMES, into="full")
    assert contents(crm.landing("full")) == contents(crm.landing("undisturbed"))
