"""The landing: a folder of immutable Parquet batches, in which the newest manifest is the state.

    landing/<source>/<object>/<batch>/part-0000.parquet, manifest.json

A batch is written beside its place and appears by one rename, so it exists wholly or not at all,
and rows and cursor cannot disagree. Belongs here: finding batches and what they say together.
Writing one is in `batch.py`, reading them as tables in `register.py`.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.batch import BatchWriter
from connectors.compaction import check_files, columns_of
from connectors.manifest import REMOVED, Manifest, read_manifest, remove_batch
from connectors.sql import open_engine
from connectors.stream import Stream

LEFTOVER = ".writing-"
SPILL = ".spill"


class Landing:
    """Everything that was ever read from the sources."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._known: dict[Path, Manifest] = {}
        self._engine: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()

    def engine(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the one embedded engine that reads and writes Parquet."""
        with self._opening:
            if self._engine is None:
                self.root.mkdir(parents=True, exist_ok=True)
                self._engine = open_engine(self.root / SPILL)
            return self._engine.cursor()

    def folder(self, source: str, stream: str) -> Path:
        """Where the batches of a stream are."""
        return self.root / source / stream

    def manifests(self, source: str, stream: str) -> list[Manifest]:
        """All batches of a stream, oldest first."""
        folder = self.folder(source, stream)
        if not folder.is_dir():
            return []
        found = []
        for batch in folder.iterdir():
            if batch.name.startswith(".") or not batch.is_dir():
                continue
            if batch not in self._known:
                self._known[batch] = read_manifest(batch)
            found.append(self._known[batch])
        replaced = {name for manifest in found for name in manifest.replaces}
        left = [manifest for manifest in found if manifest.batch_id not in replaced]
        return sorted(left, key=lambda manifest: (manifest.sequence, manifest.batch_id))

    def state(self, source: str, stream: str) -> Manifest | None:
        """The newest batch of a stream, None when nothing was ever read."""
        manifests = self.manifests(source, stream)
        return manifests[-1] if manifests else None

    def streams(self) -> list[tuple[str, str]]:
        """Source and name of everything that has a batch."""
        return sorted(
            (folder.parent.name, folder.name)
            for folder in self.root.glob("*/*")
            if folder.is_dir() and self.manifests(folder.parent.name, folder.name)
        )

    def all_manifests(self) -> Iterator[Manifest]:
        """All batches of all streams."""
        for source, stream in self.streams():
            yield from self.manifests(source, stream)

    def files(self, source: str, stream: str, known_at: datetime | None = None) -> list[Path]:
        """Exactly the Parquet files that manifests list, oldest batch first.

        With `known_at`: those that hold anything extracted by then.
        """
        folder = self.folder(source, stream)
        return [
            folder / manifest.batch_id / part.name
            for manifest in self.manifests(source, stream)
            if manifest.known_origins(known_at)
            for part in manifest.files
        ]

    def columns(self, source: str, stream: str) -> list[str]:
        """Every column that ever landed, in the order of appearance; case does not count."""
        return columns_of(self.manifests(source, stream))

    def writer(
        self,
        source: str,
        stream: str | Stream,
        *,
        key: Sequence[str] = ("id",),
        extracted_at: datetime | None = None,
    ) -> BatchWriter:
        """A batch to be. Leaving its `with` block without a commit removes what was written."""
        if isinstance(stream, str):
            stream = Stream(source, stream, tuple(key), "")
        moment = extracted_at or datetime.now(UTC).replace(tzinfo=None)
        return BatchWriter(self, stream, moment)

    def watermark(self, source: str, known_at: datetime | None = None) -> datetime | None:
        """Up to when everything that was read incrementally is complete, or was at `known_at`.

        None while a first load is not at its end: then nothing is complete.
        """
        ends = []
        for of, stream in self.streams():
            manifests = self.manifests(of, stream) if of == source else []
            if manifests and manifests[-1].reading == "incremental":
                if manifests[-1].unfinished:
                    return None
                known = [one for each in manifests for one in each.known_origins(known_at)]
                ends += [known[-1].window_end] if known else []
        return min(ends) if ends else None

    def fingerprint(self, known_at: datetime | None = None) -> str:
        """A short hash of all that has landed: equal exactly when the same rows are there.

        Compaction does not change it. With `known_at`: of what had landed by then.
        """
        digest = hashlib.sha256()
        for manifest in self.all_manifests():
            for origin in manifest.known_origins(known_at):
                for checksum in origin.checksums:
                    path = f"{manifest.source}/{manifest.stream}/{origin.batch_id}"
                    digest.update(f"{path}/{checksum}\n".encode())
        return digest.hexdigest()[:16]

    def register(
        self,
        con: duckdb.DuckDBPyConnection,
        required: Mapping[str, Mapping[str, Sequence[str]]],
        known_at: datetime | None = None,
    ) -> None:
        """Create schemas raw_<source> with one view per stream over the listed files.

        A column of `required[source][stream]` that never landed is there as null text; a stream
        without a batch is an empty table with its key, its required and our own columns.
        With `known_at` (naive UTC, on the sources' clock) the views show the landing as it was
        known then: only versions that had been extracted by that moment. What was erased since
        is not shown either.
        """
        from connectors.register import register_views

        register_views(self, con, required, known_at)

    def clear_leftovers(self) -> int:
        """Remove what killed runs left half-written. Only under the run lock."""
        leftovers = [
            *self.root.glob(f"*/*/{LEFTOVER}*"),
            *self.root.glob(f"*/*/{REMOVED}*"),
            *self.root.glob(SPILL),
        ]
        for leftover in leftovers:
            shutil.rmtree(leftover, ignore_errors=True)
        return len(leftovers)

    def remove_replaced(self) -> int:
        """Remove batches whose rows a compacted one holds. Only under the run lock, and only when
        no view of a build reads them any more.
        """
        removed = 0
        for source, stream in self.streams():
            folder = self.folder(source, stream)
            left = {manifest.batch_id for manifest in self.manifests(source, stream)}
            for batch in sorted(folder.iterdir()):
                if batch.is_dir() and not batch.name.startswith(".") and batch.name not in left:
                    remove_batch(batch)
                    removed += 1
        return removed

    def verify(self) -> None:
        """Compare every file with its checksum; the first difference is an error."""
        check_files(self, list(self.all_manifests()))
