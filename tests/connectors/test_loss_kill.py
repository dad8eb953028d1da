"""kill -9 at random moments of runs that meet random faults: nothing lost, doubled or changed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.sandbox import serve
from tests.connectors import loss
from tests.connectors.conftest import Crm
from tests.connectors.test_loss import FAULTS, small_pages

KILLS = 20
# The same small pages in the process that is killed: several batches, jobs and pages of each.
READ = """
import sys
from pathlib import Path
from connectors import CONNECTORS, compaction, rate_limit, stream
from connectors.extract import extract
from connectors.hubspot import crm_objects, marketing
from connectors.landing import Landing
from connectors.salesforce import bulk, connector
from connectors.settings import HubSpotSettings, Patience, SalesforceSettings, Timeouts
connector.BULK_FROM, bulk.PAGE_ROWS, stream.PIECE_OF_FIRST_LOAD = 30, 15, 20
crm_objects.LIST_PAGE, crm_objects.LIST_PAGE_WITH_HISTORY = 15, 10
marketing.SUBMISSIONS_PAGE = marketing.EVENTS_PAGE = 15
rate_limit.POLICY_WAIT, compaction.MOST_FILES = {"SECONDLY": 0.02}, 2
url, root, *names = sys.argv[1:]
pace = {"patience": Patience(4, 0.01, 0.05), "timeouts": Timeouts(2.0, 2.0, 1.0)}
settings = {
    "salesforce": SalesforceSettings(url, "sandbox", "x", **pace),
    "hubspot": HubSpotSettings("x", url, **pace),
}
print("reading", flush=True)
connectors = [spec.connect(settings[spec.source]) for spec in CONNECTORS]
select = {tuple(name.split("/")) for name in names}
list(extract(connectors, Landing(Path(root)), select=select))
"""
DRAWN = [row for row in FAULTS if row.faults and "first" in row.phases]
__all__ = ["small_pages"]


def killed_run(crm: Crm, chance: random.Random) -> bool:
    """Whether the run was killed while it was reading, and not before or after."""
    root = crm.folder / "landing"
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, crm.url, str(root), *loss.NAMES],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    time.sleep(chance.uniform(0.05, 1.5))
    is_running = reader.poll() is None
    if is_running:
        os.kill(reader.pid, signal.SIGKILL)
    reader.wait()
    return is_running


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_kills_over_faults_lose_nothing(tmp_path: Path, small_pages: None) -> None:
    chance, kills, number = random.Random(20), 0, 0
    compared = 0
    while kills < KILLS:
        number += 1
        row = chance.choice(DRAWN)
        with serve.start(loss.hostile_world("long"), require_secret="x") as sandbox:
            crm = Crm(sandbox, tmp_path / str(number))
            for phase in ("first", "later"):
                if phase == "later":
                    crm.read(*loss.NAMES)
                    loss.changes(crm, row.many)
                for one in row.faults:
                    crm.fault(**one)
                for _ in range(chance.choice((1, 1, 2))):
                    kills += killed_run(crm, chance)
                sandbox.sandbox.faults.clear()
                sandbox.sandbox.tokens.restore()
            crm.later(days=8)
            crm.read(*loss.NAMES)
            found = loss.compare(crm)
        compared += found.compared
        assert found.numbers() == (0, 0, 0), (row.name, found.examples[:9])
        crm.landing().verify()
    print(f"{kills} kills over {number} drawn faults, {compared:,} records compared: 0, 0, 0")
