"""The engine in which a proposed change runs: it sees the snapshot and the seeds, nothing else.

A plugin of dbt-duckdb. The order matters: what is attached must be attached before access outside
is switched off, and once it is off and the configuration locked, no SQL can switch it on again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from connectors.sql import identifier, literal

# In the work folder: which files are attached under which name, and which folders may be read.
ACCESS = "access.json"


def lock(con: duckdb.DuckDBPyConnection, attach: dict[str, str], folders: list[str]) -> None:
    """Attach read-only, allow these folders, forbid all else, for good."""
    con.execute("set global timezone = 'UTC'")
    # As in a build: tables have no order, so both cores may write at once, and memory is kept.
    con.execute("set global preserve_insertion_order = false")
    con.execute("set global block_allocator_memory = '4GB'")
    for name, path in attach.items():
        con.execute(f"attach {literal(path)} as {identifier(name)} (read_only)")
    allowed = ", ".join(literal(folder) for folder in folders)
    con.execute(f"set allowed_directories = [{allowed}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


class Plugin(BasePlugin):
    """What dbt-duckdb asks for each new connection."""

    def configure_connection(self, conn: Any) -> None:
        """Lock the connection before dbt runs its first statement."""
        access = json.loads(Path(ACCESS).read_bytes())
        lock(conn, access["attach"], access["folders"])
