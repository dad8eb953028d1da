"""One reading being landed: batches of Parquet and a manifest that appear by one rename each.

Belongs here: the commit. How rows get to disk is in `parts.py`, what of them is new in `settle.py`.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from connectors import settle, tombstones
from connectors.drift import drifts
from connectors.manifest import (
    MOST_DRIFTS,
    Manifest,
    PartFile,
    force_to_disk,
    remove_batch,
    sha256_of,
    write_manifest,
)
from connectors.parts import PartWriter
from connectors.sql import copy_to_parquet, read_parts
from connectors.stream import Reading, Stream, Window

if TYPE_CHECKING:
    from connectors.landing import Landing


class BatchWriter(PartWriter):
    """Use as `with landing.writer(...) as writer: writer.add(rows); writer.commit(...)`.

    It may commit several times: what follows a commit is the next batch.
    """

    def __init__(self, landing: Landing, stream: Stream, extracted_at: datetime) -> None:
        super().__init__(landing, extracted_at)
        self.stream = stream
        self.place = landing.folder(stream.source, stream.name)
        self.rows_committed = 0
        self.begin(landing.state(stream.source, stream.name))

    def begin(self, state: Manifest | None) -> None:
        """Prepare for the batch that follows a state."""
        self.state = state
        self.sequence = state.sequence + 1 if state else 1
        self.batch_id = f"{self.sequence:06d}-{self.extracted_at:%Y%m%dT%H%M%SZ}"
        self.folder = self.place / f".writing-{self.batch_id}-{os.getpid()}"
        self.parts = []
        self.forget_columns()

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def rows_waiting(self) -> int:
        """Rows that were taken since the last commit."""
        return self.rows_read - self.rows_committed

    def discard(self) -> None:
        """Forget what was added since the last commit."""
        super().discard()
        self.rows_read = self.rows_committed

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
        self.write_piece()
        self.keep_out_erased()
        settle.keep_what_is_new(self, window, reading, accept_shrink)
        self.rows_committed = self.rows_read
        earlier = self.state
        marks = {**(earlier.marks if earlier else {}), **reading.marks}
        fields = reading.fields or (earlier.fields if earlier else {})
        known = earlier.drifts if earlier else ()
        moved = drifts(earlier.fields if earlier else {}, fields, self.extracted_at)
        files = self.counted_files()
        rows = sum(part.rows for part in files)
        if (
            not rows
            and earlier
            and (earlier.window_end, earlier.marks, earlier.fields) == (window.end, marks, fields)
            and earlier.unfinished == reading.unfinished
        ):
            self.close()
            self.begin(earlier)
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
            files=files,
            columns=tuple(self.columns),
            marks=marks,
            fields=fields,
            drifts=(*known, *moved)[-MOST_DRIFTS:],
            unfinished=reading.unfinished,
        )
        self.appear(manifest)
        self.begin(manifest)
        return manifest

    def keep_out_erased(self) -> None:
        """Clean the rows just read of what was erased for good: it does not come back."""
        known = tombstones.read(self.landing.root)
        for part in self.parts if known else ():
            rows = read_parts([part])
            told = self.engine().execute(f"describe from {rows}").fetchall()
            columns = [row[0] for row in told]
            cleaning = known and known.cleaning(self.stream.asset_key, self.stream.key[0], columns)
            if not cleaning:
                continue
            query, concerned = cleaning
            found = self.engine().execute(f"select count(*) from {rows} where {concerned}")
            if found.fetchall()[0][0]:
                clean = part.with_suffix(".clean")
                copy_to_parquet(self.engine(), query.replace("{rows}", rows), clean)
                clean.replace(part)

    def counted_files(self) -> tuple[PartFile, ...]:
        """The files of the batch, on the disk for good, with rows and checksums."""
        files = []
        for part in self.parts:
            count = self.engine().execute(
                "select num_rows from parquet_file_metadata(?)", [str(part)]
            )
            counted = count.fetchall()[0][0]
            force_to_disk(part)
            files.append(PartFile(part.name, counted, part.stat().st_size, sha256_of(part)))
        return tuple(files)

    def appear(self, manifest: Manifest) -> None:
        """Let the batch exist, wholly, from one moment to the next."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.close()
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
