"""Which of the rows just read are new.

Windows overlap, so rows are read again: one that is identical to its last landed version is not
landed twice. Which known records are gone is seen in `vanished.py`.
Everything is compared by group: the rows that a newer batch replaces together (`Stream`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from connectors.sql import (
    copy_to_parquet,
    identifier,
    listed,
    merged,
    read_parts,
    same,
)
from connectors.stream import META_COLUMNS, Reading, Window
from connectors.vanished import note_vanished, refuse_sudden_shrink, see_swept, vanished_rows

if TYPE_CHECKING:
    from connectors.batch import BatchWriter


def keep_what_is_new(
    writer: BatchWriter, window: Window, reading: Reading, accept_shrink: bool
) -> None:
    """Replace the writer's parts by one that holds only what is new; leave them when all is."""
    stream = writer.stream
    group = stream.replaced_by
    old_files = [] if reading.is_piece else writer.landing.files(stream.source, stream.name)
    sees_absence = (reading.is_full or reading.is_sweep) and stream.absence_means_deleted
    if not writer.parts and not (old_files and (sees_absence or reading.gone)):
        return
    engine = writer.engine()
    repeats = any_repeats(engine, writer)
    if not old_files and not repeats and not stream.group:
        return
    old_columns = writer.landing.columns(stream.source, stream.name)
    columns = merged(writer.columns, old_columns)
    see_rows(engine, "new_row", writer.parts, writer.columns, columns)
    see_rows(engine, "old_row", old_files, old_columns, columns)
    if stream.group:
        engine.execute("create temp view news as select distinct * from new_row")
    elif repeats:
        # A record that was read twice in one pass (paging while it changes) counts once.
        engine.execute(
            f"create temp view news as select * from new_row qualify row_number() over ("
            f"partition by {listed(group)} order by _source_modified_at desc nulls last) = 1"
        )
    else:
        engine.execute("create temp view news as from new_row")
    digest_groups(engine, group, columns, reading, sees_absence)
    see_swept(engine, writer)
    if sees_absence:
        refuse_sudden_shrink(engine, writer, accept_shrink)
    note_vanished(engine, group, window, sees_absence)
    settled = writer.folder / "settled.parquet"
    rows = copy_to_parquet(
        engine,
        changed_rows(group, edges=bool(stream.group), is_full=reading.is_full)
        + " union all by name "
        + vanished_rows(writer, columns),
        settled,
    )
    replace_parts(writer, settled if rows else None)


def any_repeats(engine: duckdb.DuckDBPyConnection, writer: BatchWriter) -> bool:
    """Whether a key was read more than once."""
    if not writer.parts or writer.stream.group:
        return False
    rows = read_parts(writer.parts)
    keys = listed(writer.stream.key)
    found = engine.execute(
        f"select (select count(*) from {rows})"
        f" - (select count(*) from (select distinct {keys} from {rows}))"
    )
    return bool(found.fetchall()[0][0])


def see_rows(
    engine: duckdb.DuckDBPyConnection,
    view: str,
    paths: list[Path],
    present: list[str],
    columns: list[str],
) -> None:
    """Show one side with the same columns in the same order as the other."""
    have = {name.lower() for name in present} if paths else set()
    chosen = ", ".join(
        identifier(name) if name.lower() in have else f"null::varchar as {identifier(name)}"
        for name in columns
    )
    rows = (
        f"{read_parts(paths)}"
        if paths
        else (
            "(select null::varchar as _batch_id, null::timestamp as _extracted_at, "
            "null::timestamp as _source_modified_at, false as _is_deleted where false)"
        )
    )
    engine.execute(
        f"create temp view {view} as select {chosen}, {', '.join(META_COLUMNS)} from {rows}"
    )


def compared_text(columns: Iterable[str]) -> str:
    """Columns as they are compared: Salesforce ends a time with +0000 in REST and Z in bulk."""
    return ", ".join(f"replace({identifier(name)}, '.000+0000', '.000Z')" for name in columns)


def digest_groups(
    engine: duckdb.DuckDBPyConnection,
    group: tuple[str, ...],
    columns: list[str],
    reading: Reading,
    everything: bool,
) -> None:
    """Make one line per group: as just read, and as its newest batch has it."""
    keys = listed(group)
    compared = (
        f"bit_xor(hash({compared_text(columns)})) as digest, count(*) as size, "
        "bool_and(_is_deleted) as is_gone, max(_source_modified_at) as modified_at"
    )
    engine.execute("create temp table told_gone (id varchar, moment timestamp)")
    if reading.gone:
        engine.executemany(
            "insert into told_gone values (?, try_cast(? as timestamp))",
            [list(item) for item in reading.gone.items()],
        )
    engine.execute(
        f"create temp table new_group as select {keys}, {compared} from news group by {keys}"
    )
    concerned = (
        ""
        if everything
        else (
            f" where exists (from new_group where {same(group, 'new_group', 'old_row')})"
            f" or old_row.{identifier(group[0])} in (select id from told_gone)"
        )
    )
    engine.execute(
        f"create temp table old_group as select {keys}, max(_batch_id) as batch, "
        "arg_max(digest, _batch_id) as digest, arg_max(size, _batch_id) as size, "
        "arg_max(is_gone, _batch_id) as is_gone, arg_max(modified_at, _batch_id) as modified_at "
        f"from (select {keys}, _batch_id, {compared} from old_row{concerned} "
        f"group by {keys}, _batch_id) group by {keys}"
    )


def changed_rows(group: tuple[str, ...], edges: bool, is_full: bool) -> str:
    """Select new rows that are not what is known already.

    What a vendor shows later is later, even where restoring a record moves its stamp back.
    """
    # A search index may still show a version older than one already landed.
    not_stale = (
        "true"
        if is_full
        else (
            "not coalesce(new_group.modified_at < old_group.modified_at"
            " and new_group.is_gone = old_group.is_gone, false)"
        )
    )
    # "No edges left" is news only where there were some.
    first_time = "not new_group.is_gone" if edges else "true"
    return (
        "select news.* replace (greatest(news._source_modified_at, changed.known_at) as "
        f"_source_modified_at) from news join (select {listed(group, 'new_group.')}, "
        "old_group.modified_at as known_at "
        f"from new_group left join old_group on {same(group, 'new_group', 'old_group')} where "
        f"case when old_group.size is null then {first_time} else {not_stale} and "
        "(new_group.digest != old_group.digest or new_group.size != old_group.size "
        "or new_group.is_gone != old_group.is_gone) end) as changed "
        f"on {same(group, 'news', 'changed')}"
    )


def replace_parts(writer: BatchWriter, settled: Path | None) -> None:
    """Let the settled rows be the batch."""
    for part in writer.parts:
        part.unlink()
    writer.parts.clear()
    if settled:
        part = writer.folder / "part-0000.parquet"
        settled.rename(part)
        writer.parts.append(part)
