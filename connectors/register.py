"""Show the landing as tables: a view per stream over exactly the files that manifests list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from connectors import horizon
from connectors.errors import LandingDamaged
from connectors.sql import identifier, literal, merged, read_parts

if TYPE_CHECKING:
    import duckdb

    from connectors.landing import Landing

OWN_COLUMNS = {
    "_batch_id": "varchar",
    "_extracted_at": "timestamp",
    "_source_modified_at": "timestamp",
    "_is_deleted": "boolean",
}


def known_streams() -> dict[tuple[str, str], tuple[str, ...]]:
    """Every stream of every connector with the columns that it always has."""
    from connectors import CONNECTORS

    return {
        stream.asset_key: stream.columns or stream.key
        for spec in CONNECTORS
        for stream in spec.streams
    }


def register_views(
    landing: Landing,
    con: duckdb.DuckDBPyConnection,
    required: Mapping[str, Mapping[str, Sequence[str]]],
    known_at: datetime | None = None,
) -> None:
    """Create or replace schemas raw_<source> and their views, as known now or at a moment."""
    if known_at is not None:
        horizon.require(landing.root, known_at)
    wanted: dict[tuple[str, str], Sequence[str]] = dict(known_streams())
    for asset_key in landing.streams():
        wanted.setdefault(asset_key, ())
    for source, streams in required.items():
        for stream, columns in streams.items():
            key = (source, stream)
            wanted[key] = merged(columns, wanted.get(key, ()))
    for source in sorted({source for source, _ in wanted}):
        con.execute(f"create schema if not exists {identifier('raw_' + source)}")
    for (source, stream), columns in wanted.items():
        view = f"{identifier('raw_' + source)}.{identifier(stream.lower())}"
        rows = rows_of(landing, source, stream, columns, known_at)
        con.execute(f"create or replace view {view} as {rows}")


def rows_of(
    landing: Landing,
    source: str,
    stream: str,
    columns: Sequence[str],
    known_at: datetime | None = None,
) -> str:
    """Select everything that landed by a moment, plus the columns that never did as nulls."""
    landed = landing.columns(source, stream)
    have = {name.lower() for name in landed}
    missing = [
        f"null::varchar as {identifier(name)}" for name in columns if name.lower() not in have
    ]
    files = landing.files(source, stream, known_at)
    if not files:
        own = [f"null::{kind} as {name}" for name, kind in OWN_COLUMNS.items()]
        names = [f"null::varchar as {identifier(name)}" for name in landed]
        return f"select {', '.join([*names, *missing, *own])} where false"
    for path in files:
        if not path.is_file():
            raise LandingDamaged(
                f"{path} is listed in its manifest but missing",
                source=source,
                stream=stream,
                remedy=f"restore it from a copy, or remove {path.parents[1]} to read that object "
                "again from the start",
            )
    # Files that are all later are left out; a compacted one holds rows of several readings.
    known = (
        f" where _extracted_at <= {literal(known_at.isoformat())}::timestamp" if known_at else ""
    )
    absent = [
        f"null::varchar as {identifier(name)}"
        for name in landed_later(landing, source, stream, known_at)
    ]
    return f"select {', '.join(['*', *absent, *missing])} from {read_parts(files)}{known}"


def landed_later(
    landing: Landing, source: str, stream: str, known_at: datetime | None
) -> list[str]:
    """Columns that first came after a moment: the view has them, without values."""
    manifests = landing.manifests(source, stream)
    read = {
        column.lower()
        for manifest in manifests
        if manifest.known_origins(known_at)
        for column in manifest.columns
    }
    return [name for name in landing.columns(source, stream) if name.lower() not in read]
