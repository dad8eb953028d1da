"""dbt as a child process that never outlives its parent and never sees a credential.

A killed run would leave dbt writing the private warehouse beside the next run's. So the child
ends itself when its parent is gone, and holds a lock for as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from typing import IO

from onefunnel import garbage
from onefunnel.with_parent import watch_parent

SECRET_PREFIXES = ("SALESFORCE_", "HUBSPOT_")


def hold_build_lock() -> IO[str] | None:
    """Lock the file beside the warehouse; the next build waits for it."""
    folder = Path(os.environ["ONEFUNNEL_WAREHOUSE"]).parent
    if not folder.is_dir():
        return None
    file = open(folder / "build.lock", "a", encoding="utf-8")  # noqa: SIM115 - until the end
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def name_warehouse_alike() -> None:
    """Work in the warehouse's folder: dbt parses anew for every other name of its file."""
    warehouse = Path(os.environ["ONEFUNNEL_WAREHOUSE"])
    if warehouse.parent.is_dir():
        os.chdir(warehouse.parent)
        os.environ["ONEFUNNEL_WAREHOUSE"] = warehouse.name


def main() -> None:
    """Run dbt's command line under these two conditions."""
    parent = int(os.environ.get("DBT_STARTED_BY") or os.getppid())
    watch_parent(parent, lambda: os._exit(1))
    for name in list(os.environ):
        if name.startswith(SECRET_PREFIXES):
            del os.environ[name]
    lock = hold_build_lock() if "build" in sys.argv[1:] else None
    name_warehouse_alike()
    garbage.look_seldom()
    # Its log file down to every statement would cost a fifth of the build.
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "info")
    from dbt.cli.main import cli

    from onefunnel.dbt_events import tell_what_is_read

    tell_what_is_read()
    try:
        cli(prog_name="dbt")
    finally:
        if lock:
            lock.close()


if __name__ == "__main__":
    main()
