"""Rows on their way to disk: they come in as JSON or CSV, and leave as Parquet files of text.

Belongs here: streaming with bounded memory, exactness, counts. What a batch is, and what of the
rows is new, is decided in `batch.py` and `settle.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb
import orjson

from connectors.errors import UnreadableAnswer
from connectors.sql import copy_to_parquet, identifier, literal, struct_of_text

if TYPE_CHECKING:
    from connectors.landing import Landing

# Rows are turned into Parquet in pieces, so neither memory nor the disk holds a whole table twice.
PIECE_ROWS = 20_000
PIECE_BYTES = 32 << 20
# Rows that become text together: a call for each would cost more than the text itself. Of long rows
# fewer are taken, as many as make about a megabyte.
AT_ONCE = 100
# The engine takes objects up to this size without being told.
LONGEST_USUAL = 1 << 20
# Salesforce's longest records are below 2 MB.
LONGEST_LINE = 4 << 20
PIECE_FILE, SWEPT_FILE = "piece.json", "swept.ndjson"
MODIFIED, DELETED = "_source_modified_at", "_is_deleted"


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is null."""
    return {name: value for name, value in row.items() if value is not None}


class PartWriter:
    """Takes the rows of one reading into a folder that nobody reads yet."""

    def __init__(self, landing: Landing, extracted_at: datetime) -> None:
        self.landing, self.extracted_at = landing, extracted_at
        self.folder, self.batch_id = landing.root, ""
        self.rows_read = 0
        self.ids_swept = 0
        self.parts: list[Path] = []
        # Columns in the order of their appearance, and as the set that is quick to ask.
        self._columns: dict[str, None] = {}
        self._names: set[str] = set()
        self._piece: BinaryIO | None = None
        self._piece_rows = self._piece_size = self._longest = 0
        self._at_once = 1
        self._engine: duckdb.DuckDBPyConnection | None = None

    @property
    def columns(self) -> list[str]:
        """Columns seen so far, our own excepted."""
        return [name for name in self._columns if name not in (MODIFIED, DELETED)]

    @property
    def swept(self) -> Path:
        """The ids that a sweep has found to be there."""
        return self.folder / SWEPT_FILE

    def engine(self) -> duckdb.DuckDBPyConnection:
        """The embedded engine that writes Parquet, opened when first needed."""
        if self._engine is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._engine = self.landing.engine()
        return self._engine

    def add(self, rows: Iterable[Mapping[str, Any]], columns: Collection[str] = ()) -> int:
        """Take rows: text or null per column, other JSON values become their JSON text.

        A row may say `_source_modified_at` (ISO text) and `_is_deleted`. Most of what a vendor
        says is null, and what is not said is null too: who names the columns leaves nulls out.
        """
        before, coming = self.rows_read, iter(rows)
        while some := list(islice(coming, self._at_once)):
            self._note(columns)
            if not self._names.issuperset(set().union(*some)):
                for row in some:
                    self._note(row)
            self._take(some if columns else list(map(said, some)))
        return self.rows_read - before

    def _note(self, columns: Collection[str]) -> None:
        if not self._names.issuperset(columns):
            self._columns.update(dict.fromkeys(columns))
            self._names.update(columns)

    def _take(self, rows: list[Mapping[str, Any]]) -> None:
        text = orjson.dumps(rows)
        self._at_once = max(1, min(AT_ONCE, LONGEST_USUAL * len(rows) // len(text)))
        if len(text) > LONGEST_USUAL and len(rows) > 1:
            # Longer than those before: one by one, so that a piece still ends where it should.
            for row in rows:
                self._take([row])
            return
        self._longest = max(self._longest, len(text))
        if self._piece is None:
            self.engine()
            path = self.folder / PIECE_FILE
            self._piece = open(path, "wb")  # noqa: SIM115 - it stays open
        # One array a piece, written without reading what was written before.
        self._piece.write(b"," if self._piece_rows else b"[")
        self._piece.write(memoryview(text)[1:-1])
        self._piece_rows += len(rows)
        self._piece_size += len(text)
        self.rows_read += len(rows)
        if self._piece_rows >= PIECE_ROWS or self._piece_size >= PIECE_BYTES:
            self.write_piece()

    def add_swept(self, ids: Iterable[str]) -> None:
        """Take ids that are there although their records were not read (`Reading.is_sweep`)."""
        self.engine()
        with open(self.swept, "ab") as file:
            for one in ids:
                file.write(orjson.dumps({"id": one}, option=orjson.OPT_APPEND_NEWLINE))
                self.ids_swept += 1

    def add_csv(
        self,
        path: Path,
        columns: Iterable[str],
        modified: str | None,
        deleted: str | None,
        *,
        expected: int,
    ) -> None:
        """Take a CSV file as Salesforce writes it, if it has as many rows as it should have."""
        self.write_piece()
        names = list(columns)
        self._columns.update(dict.fromkeys(names))
        stamp = f"try_cast({identifier(modified)} as timestamp)" if modified else "null::timestamp"
        gone = f"coalesce({identifier(deleted)} = 'true', false)" if deleted else "false"
        rows = self._write_part(
            f"select {', '.join(map(identifier, names))}, {stamp} as {MODIFIED}, "
            f"{gone} as {DELETED} from read_csv({literal(str(path))}, "
            f"columns={struct_of_text(names)}, auto_detect=false, header=true, delim=',', "
            "quote='\"', escape='\"', nullstr='', allow_quoted_nulls=true, "
            f"max_line_size={LONGEST_LINE}, buffer_size={4 * LONGEST_LINE})"
        )
        if rows != expected:
            self.parts.pop().unlink()
            raise UnreadableAnswer(
                f"a bulk result has {rows:,} rows where {expected:,} were announced",
                remedy="Run again; if it stays, report it to Salesforce support",
            )
        self.rows_read += rows

    def add_query(self, query: str, columns: Iterable[str]) -> None:
        """Take the rows of a query that has these columns of text, and our stamp and deletion."""
        self.write_piece()
        self._columns.update(dict.fromkeys(columns))
        self.rows_read += self._write_part(query)

    def discard(self) -> None:
        """Forget what was added, to read again from the start."""
        for part in self.parts:
            part.unlink()
        self.parts.clear()
        self._drop_piece()
        self.forget_columns()
        self.swept.unlink(missing_ok=True)
        self.rows_read = self.ids_swept = 0

    def forget_columns(self) -> None:
        """Know of no column yet."""
        self._columns.clear()
        self._names.clear()

    def _drop_piece(self) -> None:
        if self._piece is not None:
            self._piece.close()
            (self.folder / PIECE_FILE).unlink()
        self._piece = None
        self._piece_rows = self._piece_size = self._longest = 0

    def write_piece(self) -> None:
        """Turn what waits into Parquet."""
        if self._piece is None:
            return
        self._piece.write(b"]")
        self._piece.flush()
        names = self.columns
        given = struct_of_text([*names, MODIFIED, DELETED])
        self._write_part(
            f"select {', '.join(map(identifier, names))}, "
            f"try_cast({MODIFIED} as timestamp) as {MODIFIED}, "
            f"coalesce({DELETED} = 'true', false) as {DELETED} "
            f"from read_json({literal(str(self.folder / PIECE_FILE))}, format='array', "
            f"maximum_object_size={max(LONGEST_USUAL, self._longest + 1)}, columns={given})"
        )
        self._drop_piece()

    def _write_part(self, rows: str) -> int:
        engine = self.engine()
        part = self.folder / f"part-{len(self.parts):04d}.parquet"
        moment = literal(self.extracted_at.isoformat())
        count = copy_to_parquet(
            engine,
            f"select * exclude ({MODIFIED}, {DELETED}), {literal(self.batch_id)} as _batch_id, "
            f"{moment}::timestamp as _extracted_at, {MODIFIED}, {DELETED} from ({rows})",
            part,
        )
        # Only what was written wholly is a part: a page that could not be read comes again.
        self.parts.append(part)
        return count

    def close(self) -> None:
        """Give back the engine and what is open."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        if self._piece is not None:
            self._piece.close()
            self._piece = None
