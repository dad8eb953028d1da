"""What the landing already knows of a stream's records, asked by id."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from connectors.landing import Landing
from connectors.manifest import Manifest
from connectors.sql import identifier, literal, read_parts, struct_of_text

MARK = "{stream}_batch"


def newest(landing: Landing, source: str, stream: str) -> str:
    """Name the newest batch that has rows, for a mark in the state of a stream that follows."""
    with_rows = [batch.batch_id for batch in landing.manifests(source, stream) if batch.files]
    return with_rows[-1] if with_rows else ""


def landed_since(
    landing: Landing, source: str, stream: str, state: Manifest, key: str = "id"
) -> tuple[list[str], set[str]]:
    """Return ids that landed since `state` last looked, and which of them are gone."""
    mark = state.marks.get(MARK.format(stream=stream), "")
    paths = [
        landing.folder(source, stream) / batch.batch_id / part.name
        for batch in landing.manifests(source, stream)
        if batch.batch_id > mark
        for part in batch.files
    ]
    if not paths:
        return [], set()
    with landing.engine() as con:
        rows = con.execute(
            f"select {identifier(key)}, arg_max(_is_deleted, _batch_id) from "
            f"{read_parts(paths)} where _batch_id > ? group by 1 order by 1",
            [mark],
        ).fetchall()
    return [row[0] for row in rows], {row[0] for row in rows if row[1]}


def alive_ids(landing: Landing, source: str, stream: str, key: str = "id") -> list[str]:
    """Return ids of all records that are not gone."""
    paths = landing.files(source, stream)
    if not paths:
        return []
    with landing.engine() as con:
        rows = con.execute(
            f"select {identifier(key)} from {read_parts(paths)} group by 1 "
            "having not arg_max(_is_deleted, _batch_id) order by 1"
        ).fetchall()
    return [row[0] for row in rows]


def texts(
    landing: Landing, stream: str, column: str, ids: Collection[str]
) -> dict[str, str | None]:
    """Return a column of HubSpot records as it landed last, by id."""
    paths = landing.files("hubspot", stream)
    if not paths or not ids or column not in landing.columns("hubspot", stream):
        return {}
    with landing.engine() as con:
        con.execute("create temp table wanted as select unnest(?) as id", [list(ids)])
        rows = con.execute(
            f"select id, arg_max({identifier(column)}, _batch_id) from {read_parts(paths)} "
            "where id in (select id from wanted) and not _is_deleted group by id"
        ).fetchall()
    return dict(rows)


def archived_ids(landing: Landing, stream: str, since: datetime) -> set[str]:
    """Return ids of HubSpot records that were archived since, and last seen in the archive."""
    paths = landing.files("hubspot", stream)
    if not paths:
        return set()
    with landing.engine() as con:
        rows = con.execute(
            f"select id from {read_parts(paths)} group by id having "
            "arg_max(_is_deleted, _batch_id) and arg_max(archived, _batch_id) = 'true' "
            "and max(_source_modified_at) >= ?",
            [since],
        ).fetchall()
    return {row[0] for row in rows}


def all_ids(landing: Landing, source: str, stream: str, key: str = "id") -> list[str]:
    """Return ids of all records that ever landed."""
    with landing.engine() as con:
        rows = con.execute(
            f"select distinct {identifier(key)} from "
            f"{read_parts(landing.files(source, stream))} order by 1"
        ).fetchall()
    return [row[0] for row in rows]


def edges(
    landing: Landing, left: str, right: str, *, ids: Collection[str], reverse: bool = False
) -> set[tuple[str, str]]:
    """Return known edges from records of `left` to records of `right`.

    `ids` are those of the left, or of the right side when `reverse`.
    """
    paths = landing.files("hubspot", "associations")
    if not paths or not ids:
        return set()
    side = "toObjectId" if reverse else "fromObjectId"
    with landing.engine() as con:
        con.execute("create temp table wanted as select unnest(?) as id", [list(ids)])
        rows = con.execute(
            f"with edge as (select * from {read_parts(paths)} "
            "where fromObjectType = ? and toObjectType = ?), "
            "last as (select fromObjectId, max(_batch_id) as _batch_id from edge group by 1) "
            "select fromObjectId, toObjectId from edge join last using (fromObjectId, _batch_id) "
            f"where toObjectId is not null and {side} in (select id from wanted)",
            [left, right],
        ).fetchall()
    return {(row[0], row[1]) for row in rows}


def absent_ids(landing: Landing, source: str, stream: str, swept: Path, key: str = "id") -> list:
    """Return ids of records that should be there and are not among those just swept."""
    paths = landing.files(source, stream)
    if not paths:
        return []
    there = f"read_json({literal(str(swept))}, columns={struct_of_text(['id'])})"
    with landing.engine() as con:
        rows = con.execute(
            f"select {identifier(key)} from {read_parts(paths)} group by 1 having "
            "not arg_max(_is_deleted, _batch_id)"
            + (f" except select id from {there}" if swept.exists() else "")
            + " order by 1"
        ).fetchall()
    return [row[0] for row in rows]
