"""A restatement: a figure of a closed month that moved after it was published, and why.

Belongs here: what a restatement says and that its parts add up. How the stages are computed is in
`stages.py`; where the earlier data and rule come from, in `onefunnel/restating.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.sql import literal
from review.figures import NONE, Figure, Key, is_same
from review.stages import STAGES

PARTS = ("numerator", "denominator", "value")
# Cause -> the stages between which it acts.
CAUSES: Mapping[str, tuple[str, str]] = {
    "definition": ("published", "ruled"),
    "late_data": ("ruled", "late"),
    "ripening": ("late", "now"),
}
# Columns of marts.restatement, in order.
COLUMNS: Mapping[str, str] = {
    "run_id": "varchar",
    "moved_as_of": "timestamp",
    "published_run_id": "varchar",
    "published_as_of": "timestamp",
    "metric": "varchar",
    "month": "date",
    "source": "varchar",
    **{f"published_{part}": "double" for part in PARTS},
    **{f"now_{part}": "double" for part in PARTS},
    **{f"{cause}_{part}": "double" for cause in CAUSES for part in PARTS},
    "definition_records": "bigint",
    "late_data_records": "bigint",
    "changed_definitions": "varchar",
    "not_split_because": "varchar",
}


class CannotSplit(Exception):
    """Why the causes of a move cannot be told apart."""


@dataclass(frozen=True)
class Move:
    """Which release moved the figures of which."""

    run_id: str
    moved_as_of: str
    published_run_id: str
    published_as_of: str
    changed_definitions: str = ""


def difference(at: Mapping[str, Figure], cause: str, part: str) -> float | None:
    """What a cause added; a figure that is not there counts as nothing."""
    start, end = CAUSES[cause]
    if all(getattr(figure, part) is None for figure in at.values()):
        return None
    return round((getattr(at[end], part) or 0) - (getattr(at[start], part) or 0), 10)


def split(
    move: Move,
    key: Key,
    stages: Mapping[str, Figure],
    records: Iterable[Mapping[str, Any]],
) -> dict[str, Any] | None:
    """One restatement; None when the figure only ripened."""
    at = {stage: stages.get(stage, NONE) for stage in STAGES}
    if at["published"].is_like(at["ruled"]) and at["ruled"].is_like(at["late"]):
        return None
    behind = [row["cause"] for row in records]
    return {
        **opening(move, key),
        **shown("published", at["published"]),
        **shown("now", at["now"]),
        **{f"{cause}_{part}": difference(at, cause, part) for cause in CAUSES for part in PARTS},
        "definition_records": behind.count("definition"),
        "late_data_records": behind.count("late data"),
        "changed_definitions": move.changed_definitions,
        "not_split_because": "",
    }


def unsplit(move: Move, key: Key, published: Figure, now: Figure, because: str) -> dict[str, Any]:
    """A figure that moved without anybody being able to say how much of it is what."""
    return {
        **opening(move, key),
        **shown("published", published),
        **shown("now", now),
        **{f"{cause}_{part}": None for cause in CAUSES for part in PARTS},
        "definition_records": None,
        "late_data_records": None,
        "changed_definitions": move.changed_definitions,
        "not_split_because": because,
    }


def opening(move: Move, key: Key) -> dict[str, Any]:
    """Which figure, of which releases."""
    return {
        "run_id": move.run_id,
        "moved_as_of": move.moved_as_of,
        "published_run_id": move.published_run_id,
        "published_as_of": move.published_as_of,
        **dict(zip(("metric", "month", "source"), key, strict=True)),
    }


def shown(name: str, figure: Figure) -> dict[str, float | None]:
    """The parts of a figure under a name."""
    return {f"{name}_{part}": getattr(figure, part) for part in PARTS}


def by_figure(records: Iterable[Mapping[str, Any]]) -> dict[Key, list[Mapping[str, Any]]]:
    """The records that each figure gained, lost or saw changed."""
    found: dict[Key, list[Mapping[str, Any]]] = {}
    for row in records:
        keys = {
            (row["metric"], month, source)
            for month, own in (
                (row["published_month"], row["published_source"]),
                (row["month"], row["source"]),
            )
            if month
            for source in (own, "All")
        }
        for key in keys:
            found.setdefault(key, []).append(row)
    return found


def load(con: duckdb.DuckDBPyConnection, table: str, paths: Sequence[Path]) -> None:
    """Add what ledger files say to a table of these columns."""
    if paths:
        files = ", ".join(literal(str(path)) for path in paths)
        kinds = ", ".join(f"{name}: {literal(kind)}" for name, kind in COLUMNS.items())
        con.execute(
            f"insert into {table} by name select {', '.join(COLUMNS)} from "
            f"read_json([{files}], format = 'newline_delimited', columns = {{{kinds}}})"
        )


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether the parts of a split figure add up to its move."""
    return all(
        is_same(
            (row[f"published_{part}"] or 0) + sum(row[f"{cause}_{part}"] or 0 for cause in CAUSES),
            row[f"now_{part}"] or 0,
        )
        for part in PARTS
    )
