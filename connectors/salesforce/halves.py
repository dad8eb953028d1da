"""Read an object of which Salesforce refuses to select all fields at once: by parts of its fields.

Formula fields are worked out while a query runs, and too many of them make it too complicated,
by REST and by bulk. So each part is asked for by itself, with the id and the stamp besides, and
rows of one id are a record again where all parts tell the same stamp. A record that changed in
between is in one part as it was and in another as it is, or in some parts only: it is asked for
again by its id until all agree, so that no row lands of which some fields are missing or older.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from connectors.errors import JobFailed, RefusedRequest
from connectors.parts import DELETED, MODIFIED, PIECE_BYTES, PartWriter
from connectors.salesforce import soql
from connectors.salesforce.soql import ObjectSchema
from connectors.sql import identifier, literal, read_parts
from connectors.stream import Window

ROUNDS = 4
IDS_A_QUERY = 200
# What the engine needs for each cell besides its text; half of all cells are another part's.
BYTES_A_CELL = 8

# Gives the rows of a query over an object's part, in a window, to a writer: by REST or by bulk.
Take = Callable[[ObjectSchema, str, PartWriter, Window | None], None]


@dataclass(frozen=True)
class Part:
    """Some fields of an object, and its rows of them."""

    schema: ObjectSchema
    rows: PartWriter


def shared(schema: ObjectSchema) -> set[str | None]:
    """What every part tells: without `IsDeleted`, deleted records would not be asked for."""
    return {"Id", schema.cursor, "IsDeleted"}


def halves(schema: ObjectSchema) -> list[ObjectSchema]:
    """Two objects with half of the fields each; none when there is nothing to divide.

    Every other field: formulas of one kind stand beside each other.
    """
    both = shared(schema)
    own = [name for name in schema.fields if name not in both]
    if len(own) < 2:
        return []
    return [
        ObjectSchema(
            schema.name,
            {name: kind for name, kind in schema.fields.items() if name in {*both, *some}},
            schema.cursor,
        )
        for some in (own[::2], own[1::2])
    ]


def land(schema: ObjectSchema, window: Window | None, writer: PartWriter, take: Take) -> None:
    """Give all records of an object (of a window of it) to the writer, each whole.

    Raises `RefusedRequest` when records change faster than they can be read, and what `take`
    raises, that a single field is too complicated included.
    """
    schemas, ids = halves(schema), None
    for _ in range(ROUNDS):
        with ExitStack() as opened:
            parts = read(schemas, window, ids, writer, take, opened)
            ids = join(schema, parts, writer)
        schemas = [part.schema for part in parts]
        if not ids:
            return
    raise RefusedRequest(
        f"{len(ids or ()):,} records change faster than their fields can be read in parts",
        code="INCOMPLETE",
        remedy="Run again; if it stays, have fewer formula fields shown to the run-as user",
    )


def read(
    schemas: Iterable[ObjectSchema],
    window: Window | None,
    ids: Sequence[str] | None,
    writer: PartWriter,
    take: Take,
    opened: ExitStack,
) -> list[Part]:
    """Read each part, of some records or all; one that is too complicated still, in halves."""
    waiting, done = list(schemas), list[Part]()
    while waiting:
        schema = waiting.pop(0)
        rows = PartWriter(writer.landing, writer.extracted_at)
        rows.folder = writer.folder / f"fields-{len(done)}"
        opened.enter_context(closing(rows))
        try:
            for query in questions(schema, window, ids):
                take(schema, query, rows, window)
            rows.write_piece()
        except (RefusedRequest, JobFailed) as error:
            smaller = halves(schema)
            if error.code != soql.TOO_COMPLICATED or not smaller:
                raise
            rows.discard()
            waiting = [*smaller, *waiting]
        else:
            done.append(Part(schema, rows))
    return done


def questions(
    schema: ObjectSchema, window: Window | None, ids: Sequence[str] | None
) -> Iterable[str]:
    """The queries for a part: one, or as many as it takes to name records."""
    if ids is None:
        return [soql.query_text(schema, window)]
    starts = range(0, len(ids), IDS_A_QUERY)
    return [soql.query_by_ids(schema, ids[start : start + IDS_A_QUERY]) for start in starts]


def join(schema: ObjectSchema, parts: Sequence[Part], writer: PartWriter) -> list[str]:
    """Give the records on which all parts agree to the writer; return the ids of the others.

    Some records at a time, by ranges of their ids: the engine is given little memory.
    """
    files = [path for part in parts for path in part.rows.parts]
    if not files:
        return []
    engine, rows = writer.engine(), read_parts(files)
    agreed = f"count(*) = {len(parts)} and min({MODIFIED}) is not distinct from max({MODIFIED})"
    odd = engine.execute(f'select "Id" from {rows} group by 1 having not ({agreed})').fetchall()
    names = [identifier(name) for name in schema.fields]
    signs = " + ".join(f"coalesce(strlen({name}), 0)" for name in names)
    size = engine.execute(f"select sum({signs} + {len(names)} * {BYTES_A_CELL}) from {rows}")
    ranges = 1 + int(size.fetchall()[0][0]) // PIECE_BYTES
    begins = engine.execute(
        f'select min("Id") from (select "Id", ntile({ranges}) over (order by "Id") as place '
        f"from {rows}) group by place order by 1"
    ).fetchall()
    # A field stands in one part, so all others say null of it.
    one_of = ", ".join(f"any_value({name}) as {name}" for name in names)
    own = f"any_value({MODIFIED}) as {MODIFIED}, bool_or({DELETED}) as {DELETED}"
    for (begin,), (end,) in zip(begins, [*begins[1:], (None,)], strict=True):
        below = f' and "Id" < {literal(end)}' if end else ""
        writer.add_query(
            f"select {one_of}, {own} "
            f'from {rows} where "Id" >= {literal(begin)}{below} group by "Id" having {agreed}',
            schema.fields,
        )
    return sorted(row[0] for row in odd)
