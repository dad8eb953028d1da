"""The ledger of published figures: a file per release, written once, never changed.

It stays when releases are pruned, so that a figure which moves later can be explained. Belongs
here: what is recorded and that recording twice changes nothing. How a figure came about is SQL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

FIGURES = "marts.metric_month"
# Folders of the ledger, and files of a release in which a published figure moved: what moved, and
# the ids of the records behind it (private: ids of people and deals, no names).
RESTATEMENTS = "restatements"
RECORDS = "records"
COLUMNS = ("metric", "month", "source", "numerator", "denominator", "value")


def entries(
    published: Path, *, run: Mapping[str, Any], fingerprints: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Every shared metric per month and source of one warehouse, with what it was computed from."""
    con = duckdb.connect(str(published), read_only=True)
    try:
        schema, table = FIGURES.split(".")
        exists = con.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
        rows = (
            con.execute(f"select {', '.join(COLUMNS)} from {FIGURES} order by all").fetchall()
            if exists
            else []
        )
    finally:
        con.close()
    header = {"kind": "run", **run, "definitions": dict(fingerprints), "figures": len(rows)}
    figures = [{"kind": "figure", **dict(zip(COLUMNS, row, strict=True))} for row in rows]
    return [header, *figures]


def write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write a ledger file into a release that is being prepared."""
    text = "".join(json.dumps(line, default=plain, sort_keys=True) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def plain(value: object) -> Any:
    """Dates as ISO text, decimals as numbers."""
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else float(str(value))


def record(
    ledger: Path, release: str, run_id: str, folder: Path, *, with_records: bool = True
) -> None:
    """Take what a served release prepared into the ledger: figures, restatements, their records.

    The latter two are there only when a published figure moved, and belong to the run: pages that
    are published anew over the same figures restate nothing again.
    """
    append(ledger, release, folder / "ledger.jsonl")
    for name in (RESTATEMENTS, RECORDS) if with_records else (RESTATEMENTS,):
        if (folder / f"{name}.jsonl").is_file():
            append(ledger / name, run_id, folder / f"{name}.jsonl")


def restatements(ledger: Path) -> list[Path]:
    """The files of every release in which a published figure moved, oldest first."""
    return sorted((ledger / RESTATEMENTS).glob("*.jsonl"))


def append(ledger: Path, release: str, prepared: Path) -> bool:
    """Take a served release's file into the ledger; False when it is there already."""
    target = ledger / f"{release}.jsonl"
    if target.exists():
        return False
    ledger.mkdir(exist_ok=True)
    draft = ledger / f".{release}.{os.getpid()}"
    draft.write_bytes(prepared.read_bytes())
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
    draft.chmod(0o444)
    draft.replace(target)
    return True


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of one release."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
