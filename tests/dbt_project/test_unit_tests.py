"""The definitions' own tests: every dbt unit test, on tables that are built empty."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from onefunnel import dbt_manifest
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts
from tests.conftest import DBT_PROJECT

pytestmark = pytest.mark.timeout(900)

# Edge cases of the agreement by family: those that the definitions of today decide. A2, A4 and A5
# belong to attribution, T4 and T5 to the pages, L12 to the connectors.
CASES = {
    "I": range(1, 11),
    "L": range(1, 12),
    "O": range(1, 14),
    "S": range(1, 7),
    "A": (1, 3),
    "T": (1, 2, 3),
    "F": range(1, 7),
    "X": (1, 2),
}


def dbt(home: Home, *args: str) -> subprocess.CompletedProcess:
    """Run dbt in a home of its own."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "orchestration.dbt_process",
            *args,
            "--project-dir",
            DBT_PROJECT,
            "--profiles-dir",
            DBT_PROJECT,
        ],
        env={
            **os.environ,
            "ONEFUNNEL_WAREHOUSE": str(home.warehouse),
            "DBT_TARGET_PATH": str(home.dbt_target),
            "DBT_LOG_PATH": str(home.dbt_target),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What became of each unit test, by name."""
    home = Home(tmp_path_factory.mktemp("unit") / "home")
    home.create()
    manifest = dbt_manifest.read(dbt_manifest.ensure(home))
    moment = datetime(2026, 6, 30, 12)
    facts = RunFacts("20260630-120000-unit", moment, "none", moment, moment)
    PrivateWarehouse(home).start_afresh(facts, [], [], dbt_manifest.required_columns(manifest))
    built = dbt(home, "build", "--quiet", "--resource-type", "seed", "--resource-type", "model")
    assert built.returncode == 0, built.stdout[-4000:]
    dbt(home, "test", "--quiet", "--select", "test_type:unit")
    ran = json.loads((Path(home.dbt_target) / "run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[-1]: result for result in ran}


def test_every_unit_test_passes(results):
    failed = {
        name: (result["message"] or "")[:600]
        for name, result in results.items()
        if result["status"] != "pass"
    }
    assert len(results) > 100
    assert failed == {}


def test_every_edge_case_is_named_by_a_test(manifest):
    names = [test["name"] for test in manifest["unit_tests"].values()]
    named = {case for name in names for case in re.findall(r"[ILOSATFX]\d+", name)}
    wanted = {f"{family}{number}" for family, numbers in CASES.items() for number in numbers}
    assert sorted(wanted - named) == []
