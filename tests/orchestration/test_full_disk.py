"""A disk that is full in the middle of a run: told in clear words, nothing half published."""

import resource
import subprocess
from pathlib import Path

import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from onefunnel import exit_codes
from tests.running import COMMAND, environment, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run_with_files_below(limit: int, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "run"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def test_a_full_disk_is_told_and_the_last_release_stays(tmp_path):
    sandbox = start(build("small", seed=3))
    try:
        home = tmp_path / "home"
        env = environment(home, sandbox.url)
        run(home, sandbox.url)
        served = (home / "current").resolve()
        published = contents(served)
        # In Dagster's storage, in the private warehouse.
        for limit in (100_000, 6_000_000):
            done = run_with_files_below(limit, env)
            assert done.returncode == exit_codes.STORAGE, (limit, done.stdout, done.stderr)
            assert "run again" in done.stderr
            assert "Traceback" not in done.stderr
            assert (home / "current").resolve() == served
            assert contents(served) == published
        run(home, sandbox.url)
        assert (home / "current").resolve() != served
    finally:
        sandbox.stop()
