"""One batch being written: rows come in as text, Parquet and a manifest appear by one rename.

Belongs here: streaming rows to disk and the commit. What of them is new is decided in `settle.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb
import orjson

from connectors import settle
from connectors.errors import UnreadableAnswer
from connectors.manifest import (
    Manifest,
    PartFile,
    force_to_disk,
    remove_batch,
    sha256_of,
    write_manifest,
)
from connectors.sql import copy_to_parquet, identifier, literal, struct_of_text
from connectors.stream import Reading, Stream, Window

if TYPE_CHECKING:
    from connectors.landing import Landing

# Rows are turned into Parquet in pieces, so neither memory nor the disk holds a whole table twice.
PIECE_ROWS = 20_000
PIECE_BYTES = 32 << 20
# Salesforce's longest records are below 2 MB.
LONGEST_LINE = 4 << 20
PIECE_FILE = "piece.ndjson"
MODIFIED, DELETED = "_source_modified_at", "_is_deleted"


class BatchWriter:
    """Use as `with landing.writer(...) as writer: writer.add(rows); writer.commit(...)`."""

    def __init__(self, landing: Landing, stream: Stream, extracted_at: datetime) -> None:
        self.landing, self.stream, self.extracted_at = landing, stream, extracted_at
        self.state = landing.state(stream.source, stream.name)
        self.sequence = self.state.sequence + 1 if self.state else 1
        self.batch_id = f"{self.sequence:06d}-{extracted_at:%Y%m%dT%H%M%SZ}"
        self.place = landing.folder(stream.source, stream.name)
        self.folder = self.place / f".writing-{self.batch_id}-{os.getpid()}"
        self.rows_read = 0
        self.parts: list[Path] = []
        self._columns: dict[str, None] = {}
        self._piece: BinaryIO | None = None
        self._piece_rows = self._piece_size = self._longest = 0
        self._engine: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        if self._piece is not None:
            self._piece.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def columns(self) -> list[str]:
        """Columns seen so far, our own excepted."""
        return [name for name in self._columns if name not in (MODIFIED, DELETED)]

    def engine(self) -> duckdb.DuckDBPyConnection:
        """The embedded engine that writes Parquet, opened when first needed."""
        if self._engine is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._engine = self.landing.engine()
        return self._engine

    def add(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Take rows: text or null per column, other JSON values become their JSON text.

        A row may say `_source_modified_at` (ISO text) and `_is_deleted`.
        """
        before = self.rows_read
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            if not row.keys() <= self._columns.keys():
                self._columns.update(dict.fromkeys(row))
            if self._piece is None:
                self.engine()
                self._piece = open(self.folder / PIECE_FILE, "wb")  # noqa: SIM115 - it stays open
            self._piece.write(line)
            self._piece_size += len(line)
            self._longest = max(self._longest, len(line))
            self._piece_rows += 1
            self.rows_read += 1
            if self._piece_rows >= PIECE_ROWS or self._piece_size >= PIECE_BYTES:
                self._write_piece()
        return self.rows_read - before

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
        self._write_piece()
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

    def discard(self) -> None:
        """Forget what was added, to read again from the start."""
        for part in self.parts:
            part.unlink()
        self.parts.clear()
        self._drop_piece()
        self._columns.clear()
        self.rows_read = 0

    def _drop_piece(self) -> None:
        if self._piece is not None:
            self._piece.close()
            (self.folder / PIECE_FILE).unlink()
        self._piece = None
        self._piece_rows = self._piece_size = self._longest = 0

    def _write_piece(self) -> None:
        if self._piece is None:
            return
        self._piece.flush()
        names = self.columns
        given = struct_of_text([*names, MODIFIED, DELETED])
        self._write_part(
            f"select {', '.join(map(identifier, names))}, "
            f"try_cast({MODIFIED} as timestamp) as {MODIFIED}, "
            f"coalesce({DELETED} = 'true', false) as {DELETED} "
            f"from read_json({literal(str(self.folder / PIECE_FILE))}, format='newline_delimited', "
            f"maximum_object_size={max(1 << 20, self._longest + 1)}, columns={given})"
        )
        self._drop_piece()

    def _write_part(self, rows: str) -> int:
        engine = self.engine()
        part = self.folder / f"part-{len(self.parts):04d}.parquet"
        moment = literal(self.extracted_at.isoformat())
        self.parts.append(part)
        return copy_to_parquet(
            engine,
            f"select * exclude ({MODIFIED}, {DELETED}), {literal(self.batch_id)} as _batch_id, "
            f"{moment}::timestamp as _extracted_at, {MODIFIED}, {DELETED} from ({rows})",
            part,
        )

    def commit(
        self,
        *,
        window: Window,
        cursor: str | None = None,
        reading: Reading | None = None,
        accept_shrink: bool = False,
    ) -> Manifest:
        """Keep what is new, then let the batch appear. Returns the state after it.

        With nothing new and no progress to note there is no batch and the old state is returned.
        """
        reading = reading or Reading()
        self._write_piece()
        settle.keep_what_is_new(self, window, reading, accept_shrink)
        marks = {**(self.state.marks if self.state else {}), **reading.marks}
        rows = 0
        files = []
        for part in self.parts:
            count = self.engine().execute(
                "select num_rows from parquet_file_metadata(?)", [str(part)]
            )
            counted = count.fetchall()[0][0]
            rows += counted
            force_to_disk(part)
            files.append(PartFile(part.name, counted, part.stat().st_size, sha256_of(part)))
        earlier = self.state
        fields = reading.fields or (earlier.fields if earlier else {})
        if (
            not rows
            and earlier
            and (earlier.window_end, earlier.marks, earlier.fields) == (window.end, marks, fields)
        ):
            return earlier
        manifest = Manifest(
            source=self.stream.source,
            stream=self.stream.name,
            sequence=self.sequence,
            batch_id=self.batch_id,
            window_start=window.start,
            window_end=window.end,
            read_until=window.read_until,
            extracted_at=self.extracted_at,
            reading=self.stream.reading,
            rows=rows,
            total_rows=rows + (earlier.total_rows if earlier else 0),
            cursor=cursor or window.end.isoformat(),
            is_full=reading.is_full,
            files=tuple(files),
            columns=tuple(self.columns),
            marks=marks,
            fields=fields,
        )
        self._appear(manifest)
        return manifest

    def _appear(self, manifest: Manifest) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        listed = {part.name for part in manifest.files}
        for path in self.folder.iterdir():
            if path.name not in listed:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        write_manifest(self.folder, manifest)
        force_to_disk(self.folder)
        os.rename(self.folder, self.place / manifest.batch_id)
        force_to_disk(self.place)
        # An empty batch only moves the cursor; the next one says all that it said.
        if self.state and not self.state.files and not self.state.merged:
            remove_batch(self.place / self.state.batch_id)
