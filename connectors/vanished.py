"""Which known records are gone: absent from a reading of all, or said to be gone by the vendor.

Works on the tables that `settle.py` has made of the rows just read and of those known. A sudden
shrink is refused: more likely a fault, or a lost permission, than the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from connectors.errors import SuddenShrink
from connectors.sql import identifier, listed, literal, same, struct_of_text
from connectors.stream import Window

if TYPE_CHECKING:
    from connectors.batch import BatchWriter

# Below this many known records a shrink is ordinary life.
SHRINK_FLOOR = 10
SHRINK_SHARE = 0.5


def see_swept(engine: duckdb.DuckDBPyConnection, writer: BatchWriter) -> None:
    """Show the ids that a sweep has found, none when there was no sweep."""
    rows = f"from read_json({literal(str(writer.swept))}, columns={struct_of_text(['id'])})"
    if not writer.ids_swept:
        rows = "from (select null::varchar as id) where false"
    engine.execute(f"create temp table swept as select distinct id {rows}")


def note_vanished(
    engine: duckdb.DuckDBPyConnection, group: tuple[str, ...], window: Window, sees_absence: bool
) -> None:
    """List the known, living groups that are gone: by absence, or because the vendor said so."""
    moment = f"{literal(window.read_until.isoformat())}::timestamp"
    told = f"(select max(moment) from told_gone where id = old_group.{identifier(group[0])})"
    said = "true" if sees_absence else f"{identifier(group[0])} in (select id from told_gone)"
    engine.execute(
        f"create temp table vanished as select {listed(group)}, batch, "
        f"coalesce({told}, {moment}) as moment from old_group where not is_gone and {said} "
        f"and not exists (from new_group where {same(group, 'new_group', 'old_group')}) "
        f"and not exists (from swept where swept.id = old_group.{identifier(group[0])})"
    )


def vanished_rows(writer: BatchWriter, columns: list[str]) -> str:
    """Select the last known values of what vanished, marked as deleted."""
    stream = writer.stream
    group = stream.replaced_by
    values = ", ".join(
        f"old_row.{identifier(name)}"
        if not stream.group or name in group
        else f"null::varchar as {identifier(name)}"
        for name in columns
    )
    return (
        f"select distinct {values}, {literal(writer.batch_id)} as _batch_id, "
        f"{literal(writer.extracted_at.isoformat())}::timestamp as _extracted_at, "
        "vanished.moment as _source_modified_at, true as _is_deleted from old_row "
        f"join vanished on {same(group, 'old_row', 'vanished')} "
        "and old_row._batch_id = vanished.batch"
    )


def refuse_sudden_shrink(
    engine: duckdb.DuckDBPyConnection, writer: BatchWriter, accept_shrink: bool
) -> None:
    """Raise when far fewer records came back than are known to be alive."""
    first = identifier(writer.stream.replaced_by[0])
    swept = f"from swept where id not in (select {first} from new_group)"
    known, came = engine.execute(
        "select (select count(*) from old_group where not is_gone), "
        f"(select count(*) from new_group where not is_gone) + (select count(*) {swept})"
    ).fetchall()[0]
    if accept_shrink or known < SHRINK_FLOOR or came >= known * SHRINK_SHARE:
        return
    raise SuddenShrink(
        f"the vendor returned {came:,} of {known:,} known records; nothing was changed",
        remedy="Check what the credentials may see. If the records are really gone, run once "
        f"with --accept-shrink {writer.stream.source}/{writer.stream.name}",
    )
