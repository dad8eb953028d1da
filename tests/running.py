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
    if url:
        kept |= {
            "SALESFORCE_URL": url,
            "SALESFORCE_CLIENT_ID": "sandbox",
            "SALESFORCE_CLIENT_SECRET": SECRET,
            "HUBSPOT_URL": url,
            "HUBSPOT_ACCESS_TOKEN": SECRET,
        }
    return kept | extra


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
