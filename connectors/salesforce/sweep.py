"""Find records that are gone for good: read ids alone, and compare them with what is known.

A record that is purged moves no stamp and leaves nothing behind but its absence, and one that was
deleted together with its parent may keep its stamp, so that no window shows it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from connectors.batch import BatchWriter
from connectors.errors import UnreadableAnswer
from connectors.salesforce.soql import ObjectSchema


def ids_only(schema: ObjectSchema) -> ObjectSchema:
    """The object with its ids alone: without `IsDeleted` only living records are asked for."""
    return ObjectSchema(schema.name, {"Id": schema.fields["Id"]}, None)


class SweepTaker:
    """Takes pages of ids for a batch that holds other rows besides."""

    def __init__(self, writer: BatchWriter) -> None:
        self.writer = writer
        self.folder = writer.folder
        self.rows_read = 0

    def engine(self) -> Any:
        """Make the folder ready."""
        return self.writer.engine()

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take a REST page."""
        ids = [str(row["Id"]) for row in rows]
        self.writer.add_swept(ids)
        self.rows_read += len(ids)

    def add_csv(
        self,
        path: Path,
        columns: Iterable[str],
        modified: str | None,
        deleted: str | None,
        *,
        expected: int,
    ) -> None:
        """Take a bulk page."""
        with open(path, encoding="utf-8", newline="") as file:
            ids = [row["Id"] for row in csv.DictReader(file)]
        if len(ids) != expected:
            raise UnreadableAnswer(
                f"a bulk result has {len(ids):,} ids where {expected:,} were announced",
                remedy="Run again; if it stays, report it to Salesforce support",
            )
        self.writer.add_swept(ids)
        self.rows_read += len(ids)
