"""Values of the CRMs that no mapping knows, as the published warehouse counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.sql import identifier
from onefunnel.private_warehouse import open_duckdb

TABLE = "unmapped_value"
SHOWN_LENGTH = 80


@dataclass(frozen=True)
class UnmappedValue:
    """One value that is counted under its own name until a seed maps it."""

    mapping: str
    value: str
    records: int


def unmapped_values(published: Path) -> list[UnmappedValue]:
    """The most frequent first; none when nothing is published yet."""
    if not published.is_file():
        return []
    con = open_duckdb(published, read_only=True)
    try:
        rows = con.execute(
            f"select mapping, value, records from marts.{TABLE} order by records desc, 1, 2"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    finally:
        con.close()
    return [UnmappedValue(row[0], harmless(row[1]), row[2]) for row in rows]


def unmapped_in_build(private: Path, tables: Iterable[str]) -> list[UnmappedValue]:
    """The same of a build that was refused, so never published: asked of its own tables."""
    found = []
    con = open_duckdb(private, read_only=True)
    try:
        for table in tables:
            found += con.execute(
                f"select mapping, value, count(*) from intermediate.{identifier(table)} "
                "where is_unmapped group by all order by 3 desc, 1, 2"
            ).fetchall()
    finally:
        con.close()
    return [UnmappedValue(row[0], harmless(row[1]), row[2]) for row in found]


def harmless(text: str | None) -> str:
    """A CRM value as one short line that no terminal or Markdown reader interprets."""
    kept = re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", text or "")
    return re.sub(r"[|<>`\[\]!*_@]", " ", kept).strip()[:SHOWN_LENGTH]
