"""What disks, memory and other programs do to a home: told in clear words, nothing half published.

One home with one good release; each test harms something and asks that the release stays as it
was, that the message names the thing, and that the next run needs nothing done by hand.
"""

import contextlib
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from onefunnel import exit_codes
from tests.running import (
    COMMAND,
    as_someone_bound_by_permissions,
    contents,
    environment,
    onefunnel,
    run,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@dataclass
class Served:
    """A home with a release, and how to run it again."""

    home: Path
    url: str

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home, self.url)

    @property
    def release(self) -> Path:
        return (self.home / "current").resolve()

    @contextlib.contextmanager
    def stays(self) -> Iterator[None]:
        release, before = self.release, contents(self.release)
        yield
        assert self.release == release
        assert contents(release) == before

    def goes_on(self) -> None:
        """The next run, with nothing done by hand, publishes."""
        before = self.release
        run(self.home, self.url)
        assert self.release != before

    def refused(self, *args: str, code: int, said: str) -> None:
        with self.stays():
            done = onefunnel(*args, env=self.env)
            assert done.returncode == code, (done.stdout, done.stderr)
            assert said in done.stderr
            assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    sandbox = start(build("small", seed=3))
    home = tmp_path_factory.mktemp("faults") / "home"
    try:
        run(home, sandbox.url)
        yield Served(home, sandbox.url)
    finally:
        sandbox.stop()


def limited(env: dict[str, str], what: int, limit: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "run"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(what, (limit, limit)),
    )


def flip(path: Path, share: float) -> bytes:
    """Change a byte in the middle of a file; return what it was."""
    before = path.read_bytes()
    place = int(len(before) * share)
    path.chmod(0o600)
    path.write_bytes(before[:place] + bytes([before[place] ^ 0xFF]) + before[place + 1 :])
    return before


def test_a_full_disk_is_told_and_the_last_release_stays(served):
    # In Dagster's storage, in the private warehouse.
    for limit in (100_000, 6_000_000):
        with served.stays():
            done = limited(served.env, resource.RLIMIT_FSIZE, limit)
            assert done.returncode == exit_codes.STORAGE, (limit, done.stdout, done.stderr)
            assert "run again" in done.stderr
            assert "Traceback" not in done.stderr
    served.goes_on()


def test_too_little_memory_fails_the_run_and_the_last_release_stays(served):
    with served.stays():
        done = limited(served.env, resource.RLIMIT_AS, 900_000_000)
        assert done.returncode not in (0, None), done.stdout
        assert done.stderr.strip()
    served.goes_on()


def test_releases_that_may_not_be_written_are_named(served):
    folder = served.home / "releases"
    folder.chmod(0o500)
    try:
        with served.stays():
            done = subprocess.run(
                [*as_someone_bound_by_permissions(), COMMAND, "run"],
                env=served.env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == exit_codes.STORAGE, (done.stdout, done.stderr)
            assert str(folder) in done.stderr
            assert "permission" in done.stderr
    finally:
        folder.chmod(0o700)


def test_a_reader_that_holds_the_files_keeps_no_run_from_publishing(served):
    code = (
        "import duckdb, sys\n"
        "held = [duckdb.connect(path, read_only=True) for path in sys.argv[1:]]\n"
        "print('held', flush=True); sys.stdin.read()\n"
    )
    files = [served.home / "private/warehouse.duckdb", served.release / "published.duckdb"]
    reader = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, files)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert reader.stdout.readline() == b"held\n"
        served.goes_on()
    finally:
        reader.stdin.close()
        reader.wait(timeout=30)


def test_a_flipped_bit_in_the_landing_is_named_and_never_becomes_a_number(served):
    part = max(served.home.glob("landing/salesforce/Opportunity/*/part-*.parquet"))
    before = flip(part, 0.5)
    served.refused("run", code=exit_codes.STORAGE, said=str(part))
    part.write_bytes(before)


def test_a_flipped_block_of_the_private_warehouse_is_not_released(served):
    private = served.home / "private/warehouse.duckdb"
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        flip(private, share)
    # Which words depends on which block the engine meets first.
    served.refused("run", "--select", "group:copies+", code=exit_codes.FAILED, said="warehouse")
    served.goes_on()


def test_a_private_warehouse_of_another_engine_version_is_built_anew(served):
    private = served.home / "private/warehouse.duckdb"
    content = bytearray(private.read_bytes())
    # The storage version stands after the checksum and the magic bytes.
    assert content[8:12] == b"DUCK"
    content[12:20] = (9999).to_bytes(8, "little")
    private.write_bytes(content)
    served.refused(
        "run", "--select", "group:copies+", code=exit_codes.FAILED, said="cannot be opened"
    )
    served.goes_on()


def test_a_lost_dagster_home_costs_its_history_only(served):
    shutil.rmtree(served.home / "dagster")
    served.goes_on()


def test_a_release_that_was_damaged_is_not_gone_back_to(served):
    earlier = served.release
    served.goes_on()
    before = flip(earlier / "site/overview.html", 0.5)
    served.refused("rollback", earlier.name, code=exit_codes.FAILED, said="is damaged")
    (earlier / "site/overview.html").write_bytes(before)
    assert onefunnel("rollback", earlier.name, env=served.env).returncode == 0
    assert served.release == earlier
