"""Fewer files, every version kept: old batches of a stream are written anew as one.

A compacted batch appears by one rename like any other and names the batches that it replaces:
from then on they are not read, wherever a kill comes. Their files stay until the next build
begins, since the views of the last one still read them (`Landing.remove_replaced`).
Belongs here: which batches to merge, and writing them anew, whole or without some rows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.errors import LandingDamaged
from connectors.manifest import (
    Manifest,
    Origin,
    PartFile,
    force_to_disk,
    sha256_of,
    write_manifest,
)
from connectors.sql import copy_to_parquet, listed, read_parts
from connectors.stream import META_COLUMNS

if TYPE_CHECKING:
    from connectors.landing import Landing

# Above this number of files a stream is compacted. Reading opens every file, once a run.
MOST_FILES = 16
# A batch is merged with later ones unless it is larger than this many times all of them: so each
# row is written anew a few times in its life, not on every compaction.
GROWTH = 4


def first_to_merge(rows: Sequence[int], files: Sequence[int]) -> int:
    """Say from which batch on (oldest first) all are merged; len(rows) when none need be."""
    if sum(files) <= MOST_FILES:
        return len(rows)
    start, later = len(rows) - 1, rows[-1]
    while start and rows[start - 1] <= GROWTH * later:
        start -= 1
        later += rows[start]
    # Large batches that came in many files are merged too when the rest does not suffice.
    return start if sum(files[:start]) + 1 <= MOST_FILES else 0


def compact(landing: Landing, source: str, stream: str) -> Manifest | None:
    """Merge what is due; return the batch that replaces them. Only under the run lock."""
    manifests = landing.manifests(source, stream)
    if not manifests:
        return None
    start = first_to_merge(
        [each.rows for each in manifests], [len(each.files) for each in manifests]
    )
    if start == len(manifests):
        return None
    return rewrite(landing, manifests[start:])


def rewrite(
    landing: Landing, manifests: Sequence[Manifest], rows: str = "", filters: str = ""
) -> Manifest:
    """Write successive batches anew as one, which takes their place and their state.

    `rows` is what to select from them as a query with `{rows}` for theirs; nothing is left out
    without `filters`, a name for what was, which makes the fingerprint another.
    """
    last = manifests[-1]
    place = landing.folder(last.source, last.stream)
    check_files(landing, manifests)
    paths = [place / each.batch_id / part.name for each in manifests for part in each.files]
    columns = columns_of(manifests)
    batch_id = next_name(last.batch_id)
    draft = place / f".writing-{batch_id}-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        files = []
        if paths:
            part = draft / "part-0000.parquet"
            chosen = f"select {listed([*columns, *META_COLUMNS])} from {read_parts(paths)}"
            with landing.engine() as engine:
                count = copy_to_parquet(
                    engine, rows.replace("{rows}", f"({chosen})") or chosen, part
                )
            if count:
                force_to_disk(part)
                files = [PartFile(part.name, count, part.stat().st_size, sha256_of(part))]
            else:
                part.unlink()
        manifest = replace(
            last,
            batch_id=batch_id,
            window_start=manifests[0].window_start,
            rows=sum(part.rows for part in files),
            is_full=False,
            files=tuple(files),
            columns=tuple(columns),
            merged=tuple(
                marked(origin, filters, files) for each in manifests for origin in each.origins
            ),
            replaces=tuple(
                name
                for each in manifests
                for name in (*each.replaces, each.batch_id)
                if (place / name).is_dir()
            ),
        )
        expected = sum(each.rows for each in manifests)
        if manifest.rows != expected and not filters:
            raise LandingDamaged(
                f"compacting {place} would turn {expected:,} rows into {manifest.rows:,}",
                source=last.source,
                stream=last.stream,
                remedy="Nothing was changed; run `onefunnel landing --verify`",
            )
        write_manifest(draft, manifest)
        force_to_disk(draft)
        os.rename(draft, place / batch_id)
        force_to_disk(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def marked(origin: Origin, filters: str, files: Sequence[PartFile]) -> Origin:
    """An origin some of whose rows may be gone has another fingerprint."""
    if not filters:
        return origin
    left = "".join(part.sha256 for part in files)
    return replace(origin, checksums=(*origin.checksums, f"{filters}:{left}"))


def next_name(batch_id: str) -> str:
    """Name a batch that takes another's place: sorted after it, before the next one."""
    base, _, revision = batch_id.partition(".r")
    return f"{base}.r{int(revision or 0) + 1:03d}"


def columns_of(manifests: Sequence[Manifest]) -> list[str]:
    """Columns of all batches, in the order of appearance; case does not count."""
    seen: dict[str, str] = {}
    for manifest in manifests:
        for column in manifest.columns:
            seen.setdefault(column.lower(), column)
    return list(seen.values())


def check_files(landing: Landing, manifests: Sequence[Manifest]) -> None:
    """Refuse to carry a damaged file on under a new checksum."""
    for manifest in manifests:
        folder = landing.folder(manifest.source, manifest.stream) / manifest.batch_id
        for part in manifest.files:
            path = folder / part.name
            if not path.is_file() or sha256_of(path) != part.sha256:
                raise LandingDamaged(
                    f"{path} is missing or is not what was written",
                    source=manifest.source,
                    stream=manifest.stream,
                    remedy=f"restore {folder} from a copy, or remove {folder.parent} to read "
                    "that object again from the start",
                )
