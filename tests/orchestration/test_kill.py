"""kill -9 in every phase of a real run: the last release stays, the next run is as if unharmed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from tests.running import COMMAND, contents, environment, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

# Phases as they show in the file system; the product knows nothing of this test.
PHASES: dict[str, Callable[[Path], bool]] = {
    "extract": lambda home: any(home.glob("landing/*/*/.writing-*")),
    "build": lambda home: (
        (home / "private/being-written.json").exists()
        and (home / "private/warehouse.duckdb").stat().st_size > 2_000_000
    ),
    "release": lambda home: any(home.glob("releases/.draft-*/published.duckdb")),
    "pages": lambda home: any(home.glob("releases/.draft-*/site/*.html")),
}


def figures(home: Path) -> dict[str, list]:
    with duckdb.connect(str(home / "current/published.duckdb"), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name = 'definitions' or table_name = 'metric_month' order by all"
        ).fetchall()
        return {
            table: con.execute(f'select * from "{schema}"."{table}" order by all').fetchall()
            for schema, table in tables
        }


def kill_when(reached: Callable[[Path], bool], home: Path, env: dict[str, str]) -> None:
    process = subprocess.Popen(
        [COMMAND, "run"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    give_up = time.monotonic() + 400
    while process.poll() is None and time.monotonic() < give_up:
        try:
            if reached(home):
                break
        except FileNotFoundError:
            pass
        time.sleep(0.002)
    assert process.poll() is None, "the run ended before that phase was seen"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_kill_in_any_phase_keeps_the_last_release_and_harms_no_later_run(tmp_path):
    sandbox = start(build("small", seed=3))
    try:
        home = tmp_path / "home"
        env = environment(home, sandbox.url)
        run(home, sandbox.url)
        before, served = figures(home), (home / "current").resolve()
        published = contents(served)
        twin = shutil.copytree(home, tmp_path / "twin", symlinks=True)
        sandbox.world.advance_to(sandbox.world.now.replace(month=7, day=5))
        for phase, reached in PHASES.items():
            kill_when(reached, home, env)
            assert (home / "current").resolve() == served, phase
            assert contents(served) == published, phase
        run(home, sandbox.url)
        run(twin, sandbox.url)
        assert figures(home) == figures(twin), "a home without any kill"
        assert figures(home) != before
        assert not list(home.glob("releases/.draft-*"))
        assert not (home / "private/being-written.json").exists()
        assert started_runs(env) == []
    finally:
        sandbox.stop()


def started_runs(env: dict[str, str]) -> list[str]:
    code = (
        "import os; os.environ['DAGSTER_HOME'] = os.environ['ONEFUNNEL_HOME'] + '/dagster'\n"
        "import dagster as dg\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])\n"
        "    print(*[run.run_id for run in instance.get_runs(wanted)])\n"
    )
    python = Path(COMMAND).with_name("python")
    done = subprocess.run([python, "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()
