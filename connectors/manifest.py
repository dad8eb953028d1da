"""What a batch says about itself: window, rows, checksums, schema. The newest one is the state.

Belongs here: the shape of a manifest and its reading and writing. Not here: when a batch is made.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from connectors.drift import Drift
from connectors.errors import LandingDamaged

REMOVED = ".removed-"
MANIFEST_FILE = "manifest.json"
FORMAT = 1
# So many changes of a schema are remembered.
MOST_DRIFTS = 500
ORIGIN_MOMENTS = ("extracted_at", "window_end")


@dataclass(frozen=True)
class PartFile:
    """One Parquet file of a batch."""

    name: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Origin:
    """One reading that landed rows, as it was written first: what compaction must not forget."""

    batch_id: str
    extracted_at: datetime
    window_end: datetime
    # Checksums of the files that it was written as.
    checksums: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """One batch. Times are naive UTC on the source's clock."""

    source: str
    stream: str
    sequence: int
    batch_id: str
    window_start: datetime | None
    # How far the reading is complete: the next one starts from here, less the overlap.
    window_end: datetime
    read_until: datetime
    extracted_at: datetime
    reading: str
    rows: int
    # Rows of this and all earlier batches.
    total_rows: int
    cursor: str | None = None
    is_full: bool = False
    files: tuple[PartFile, ...] = ()
    columns: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    # The vendor's own schema when this was read: field -> type.
    fields: Mapping[str, str] = field(default_factory=dict)
    # How the schema has changed so far, oldest first: the log of drift.
    drifts: tuple[Drift, ...] = ()
    # From where a first load goes on that was cut off, as its connector wrote it; empty: complete.
    unfinished: Mapping[str, str] = field(default_factory=dict)
    # The readings whose rows a compacted batch has taken over, oldest first.
    merged: tuple[Origin, ...] = ()
    # Names of the batches that this one stands for; they are not read any more.
    replaces: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The readings that this batch holds: its own, or those that were merged into it."""
        own = Origin(
            self.batch_id,
            self.extracted_at,
            self.window_end,
            tuple(part.sha256 for part in self.files),
        )
        return self.merged or (own,)

    def known_origins(self, known_at: datetime | None) -> list[Origin]:
        """The readings that had been made by a moment, all of them when none is given."""
        return [one for one in self.origins if known_at is None or one.extracted_at <= known_at]

    def mark_time(self, name: str) -> datetime | None:
        """Return the time of a scheduled pass, None when there was none."""
        text = self.marks.get(name)
        return datetime.fromisoformat(text) if text else None

    def is_due(self, name: str, every: timedelta, now: datetime) -> bool:
        """Whether a scheduled pass is due on the source's clock."""
        last = self.mark_time(name)
        return last is None or now - last >= every


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it and force it to the disk."""
    payload = {"format": FORMAT, **asdict(manifest)}
    with open(folder / MANIFEST_FILE, "wb") as file:
        file.write(orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """Read a batch's manifest; damage is named, never guessed around."""
    path = folder / MANIFEST_FILE
    try:
        payload = orjson.loads(path.read_bytes())
        if payload.pop("format") != FORMAT:
            raise ValueError("unknown format")
        payload["files"] = tuple(PartFile(**part) for part in payload["files"])
        payload["columns"] = tuple(payload["columns"])
        for name in ("window_start", "window_end", "read_until", "extracted_at"):
            payload[name] = payload[name] and datetime.fromisoformat(payload[name])
        payload["merged"] = tuple(origin_of(one) for one in payload.get("merged", ()))
        payload["drifts"] = tuple(Drift(**one) for one in payload.get("drifts", ()))
        payload["replaces"] = tuple(payload.get("replaces", ()))
        return Manifest(**payload)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LandingDamaged(
            f"{path} cannot be read ({type(error).__name__})",
            remedy=f"restore {folder} from a copy, or remove {folder.parent} to read that object "
            "again from the start",
        ) from None


def origin_of(payload: Mapping[str, Any]) -> Origin:
    """An origin as a manifest tells it."""
    moments = {name: datetime.fromisoformat(payload[name]) for name in ORIGIN_MOMENTS}
    return Origin(payload["batch_id"], **moments, checksums=tuple(payload["checksums"]))


def remove_batch(folder: Path) -> None:
    """Remove a batch: at once for every reader, then its files."""
    doomed = folder.with_name(f"{REMOVED}{folder.name}")
    shutil.rmtree(doomed, ignore_errors=True)
    try:
        folder.rename(doomed)
    except FileNotFoundError:
        return
    shutil.rmtree(doomed, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def force_to_disk(path: Path) -> None:
    """Flush a file or a directory entry, so that a power cut cannot undo what follows."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
