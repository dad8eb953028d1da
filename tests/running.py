"""Run the product as a user does: its command line in a process, the local CRM in this one."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "onefunnel"
SECRET = "canary-7f3a-secret-value"


def environment(home: Path, url: str | None = None, **extra: str) -> dict[str, str]:
    """Environment of a run: this machine's own, without any Onefunnel or CRM setting, plus ours."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ONEFUNNEL_", "SALESFORCE_", "HUBSPOT_", "DAGSTER_HOME"))
    }
    kept["ONEFUNNEL_HOME"] = str(home)
    kept["ONEFUNNEL_DIGEST"] = "off"  # printing has tests of its own
    if url:
        kept |= {
            "SALESFORCE_URL": url,
            "SALESFORCE_CLIENT_ID": "sandbox",
            "SALESFORCE_CLIENT_SECRET": SECRET,
            "HUBSPOT_URL": url,
            "HUBSPOT_ACCESS_TOKEN": SECRET,
        }
    return kept | extra


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a release, to compare it byte for byte."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def as_someone_bound_by_permissions() -> list[str]:
    """What to put before a command so that permissions bind it; root is free of them otherwise."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--"]


def onefunnel(*args: str, env: dict[str, str], timeout: int = 500) -> subprocess.CompletedProcess:
    """Run one command to its end; output is kept as text."""
    return subprocess.run(
        [COMMAND, *args], env=env, capture_output=True, text=True, timeout=timeout, check=False
    )


def run(home: Path, url: str, **extra: str) -> subprocess.CompletedProcess:
    """`onefunnel run` that must succeed."""
    done = onefunnel("run", env=environment(home, url, **extra))
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done
