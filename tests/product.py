"""Copies of the product with a change in them, run as a user runs the product itself."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.running import environment

PACKAGES = ("connectors", "dashboards", "dbt_project", "onefunnel", "orchestration", "review")
MADE = shutil.ignore_patterns("target", "__pycache__", "logs")


def copy_of(folder: Path) -> Path:
    """The packages and the dbt project, without what running them made."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=MADE)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def run_copy(copy: Path, home: Path, url: str) -> subprocess.CompletedProcess:
    """`onefunnel run` of the copied product, to its end."""
    return command_of_copy(copy, home, "run", url=url)


def command_of_copy(
    copy: Path, home: Path, *args: str, url: str | None = None
) -> subprocess.CompletedProcess:
    """A command of the copied product, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "onefunnel.cli", *args],
        env=environment(home, url) | {"PYTHONPATH": str(copy)},
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
