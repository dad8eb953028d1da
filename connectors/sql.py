"""Small pieces of SQL text for the embedded engine that writes and reads the landing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

MEMORY = "256MB"


def identifier(name: str) -> str:
    """Quote a column or table name, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: Iterable[str], prefix: str = "") -> str:
    """Column names, comma separated."""
    return ", ".join(prefix + identifier(name) for name in names)


def same(names: Iterable[str], left: str, right: str) -> str:
    """Equality of keys in which null equals null."""
    return " and ".join(
        f"{left}.{identifier(name)} is not distinct from {right}.{identifier(name)}"
        for name in names
    )


def merged(new: Iterable[str], old: Iterable[str]) -> list[str]:
    """Columns of both; names that differ in case only are one column."""
    seen = {name.lower(): name for name in old}
    for name in new:
        seen.setdefault(name.lower(), name)
    return list(seen.values())


def struct_of_text(names: Iterable[str]) -> str:
    """Say that each of these columns is text, as `read_csv` and `read_json` want to be told."""
    return "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names) + "}"


def read_parts(paths: Iterable[Path]) -> str:
    """Read Parquet files whose columns may differ."""
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name=true)"


def open_engine(spill: Path) -> duckdb.DuckDBPyConnection:
    """Open an engine of bounded memory; what does not fit goes to a folder.

    Each calling thread works for itself, and there is one per source: no workers besides.
    """
    engine = duckdb.connect(
        config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(spill)}
    )
    engine.execute("set global preserve_insertion_order = false")
    return engine


def copy_to_parquet(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write a query's rows as one Parquet file and return their number."""
    done = engine.execute(
        f"copy ({query}) to {literal(str(path))} "
        "(format parquet, compression zstd, row_group_size 30720)"
    )
    return int(done.fetchall()[0][0])
