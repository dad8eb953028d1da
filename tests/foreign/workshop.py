"""Other people's clients and connectors: each in an environment of its own, run as it is.

Environments are kept in `build/foreign` between runs (`make clean` removes them). What cannot be
installed skips its tests with the installer's last words; REQUIRE_FOREIGN makes that a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.sandbox.stand_in import StandIn
from tests.conftest import ROOT

BUILD = ROOT / "build" / "foreign"
PROGRAMS = Path(__file__).parent / "programs"
UV = ROOT / ".tools" / "bin" / "uv"
# One line a package, pinned: what agrees today is to agree tomorrow.
PYTHON_PACKAGES = {
    "tap-salesforce": "tap-salesforce==2.8.1",
    "tap-hubspot": "tap-hubspot==4.5.0",
    "meltano-tap-hubspot": "meltano-tap-hubspot==0.10.1",
    "airbyte-source-salesforce": "airbyte-source-salesforce==2.10.3",
    "airbyte-source-hubspot": "airbyte-source-hubspot==5.7.0",
}
# jsforce and HubSpot's client ask for a newer node than most systems have; it comes as a package.
NODE_PACKAGES = ("jsforce@3.10.26", "@hubspot/api-client@14.0.1", "node@22.23.3")
_INSTALL_SECONDS = 500


class NotInstalled(Exception):
    """An environment could not be made here."""


@dataclass(frozen=True)
class Finished:
    """A process that ended well: its output, and what it took (CPU seconds, peak megabytes)."""

    output: Path
    cpu_seconds: float
    peak_mb: float


def python_environment(name: str) -> Path:
    """Return the folder with an environment's commands, made when it is not there yet."""
    requirement = PYTHON_PACKAGES[name]
    folder = BUILD / requirement.replace("==", "-")
    ready = folder / ".ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        python = shutil.which("python3.11") or sys.executable  # what all of them were made for
        _install([UV, "venv", "--quiet", "--python", python, folder])
        _install([UV, "pip", "install", "--quiet", "--python", folder / "bin/python", requirement])
        ready.touch()
    return folder / "bin"


def node_environment(name: str = "node", packages: tuple[str, ...] = NODE_PACKAGES) -> Path:
    """Return the folder with `node_modules`."""
    folder = BUILD / name
    ready = folder / ".ready"
    if not ready.exists() or ready.read_text() != str(packages):
        if shutil.which("npm") is None:
            raise NotInstalled("npm is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--no-save", "--loglevel=error")
        _install(["npm", "install", *quiet, "--prefix", folder, *packages])
        ready.write_text(str(packages))
    return folder


def _install(command: list[object]) -> None:
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"{command[0]}: {error}") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise NotInstalled(" ".join(said[-2:])[:500])


def or_skip(make, *args):
    """Make an environment, or skip the test saying why."""
    try:
        return make(*args)
    except NotInstalled as reason:
        message = f"{args[0] if args else 'node packages'} cannot be installed here: {reason}"
        if os.environ.get("REQUIRE_FOREIGN"):
            pytest.fail(message)
        pytest.skip(message)


def trust(commands: Path, authority: Path) -> None:
    """Let an environment trust the local CRM's authority, as one does behind a company's proxy.

    Most obey REQUESTS_CA_BUNDLE; some read certifi's file alone, so the authority is added to it.
    The file may be shared with other environments by a hard link: it is replaced, never written.
    """
    for bundle in commands.parent.glob("lib/python*/site-packages/certifi/cacert.pem"):
        original = bundle.with_suffix(".original")
        if not original.exists():
            shutil.copy(bundle, original)
        draft = bundle.with_suffix(".draft")
        draft.write_bytes(original.read_bytes() + b"\n" + authority.read_bytes())
        draft.replace(bundle)


def run(
    command: list[object],
    output: Path,
    environment: dict[str, str],
    *,
    folder: Path,
    timeout: int = 1800,
) -> Finished:
    """Run a program to its end in a folder; raise with its last words when it fails."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    said = output.with_suffix(".err")
    with output.open("wb") as out, said.open("wb") as err:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**kept, "PYTHONUNBUFFERED": "0", **environment},
            cwd=folder,
        )
        status, usage = _wait(process, timeout)
    if status != 0:
        words = (output.read_text()[-1500:] + said.read_text()[-3000:]).strip()
        raise AssertionError(f"{Path(str(command[0])).name} ended with {status}: {words}")
    return Finished(output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _wait(process: subprocess.Popen, timeout: int):
    """Wait for a process with a limit; return its exit code and what it used."""
    import threading

    killer = threading.Timer(timeout, process.kill)
    killer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


def as_vendor(stand_in: StandIn, url: str) -> dict[str, str]:
    """Environment in which the vendors' own addresses lead to the local CRM."""
    return {**stand_in.environment(), "LOCAL_CRM_URL": url}
