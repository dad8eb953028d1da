"""The rule that is tried: its agreed numbers and its signals, from a release or a working tree.

The numbers are read from `agreed` in the compiled SQL of the MQL, the signals are made by the
compiled SQL of `int_signal` itself, so a candidate is exactly what its pull request says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from connectors.sql import identifier, literal
from review.agreements import WrongAgreement
from review.fingerprint import canonical_sql, seeds_of

NUMBERS = ("minimum_score", "score_window_days", "most_of_one_kind")


@dataclass(frozen=True)
class Rule:
    """The numbers of the MQL rule that a backtest may vary."""

    name: str
    minimum_score: int
    score_window_days: int
    most_of_one_kind: int

    def named(self, name: str, minimum_score: int) -> Rule:
        """The same with another threshold."""
        return replace(self, name=name, minimum_score=minimum_score)


def agreed(manifest: Mapping[str, Any], name: str) -> Rule:
    """The agreed numbers of the MQL as a project says them."""
    node = manifest["nodes"]["model.onefunnel.mql"]
    tree = sqlglot.parse_one(node["compiled_code"], read="duckdb")
    found = {}
    for cte in tree.find_all(exp.CTE):
        if cte.alias == "agreed":
            found = {one.alias: one.this.this for one in cte.this.find_all(exp.Alias)}
    missing = [number for number in NUMBERS if number not in found]
    if missing:
        raise WrongAgreement(
            f"{node['original_file_path']}: `agreed` has no {', '.join(missing)}, so there is "
            "nothing to try; name the number as before, or extend review/backtest/rule.py"
        )
    return Rule(name, *(int(found[number]) for number in NUMBERS))


def signals(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], project: Path) -> None:
    """Create table `signals` as a working tree's own SQL and seeds make it, over a release."""
    con.execute("create schema intermediate; create schema seeds")
    for schema in ("intermediate", "seeds"):
        for (table,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'release' "
            "and schema_name = ?",
            [schema],
        ).fetchall():
            con.execute(
                f"create view {schema}.{identifier(table)} as "
                f"from release.{schema}.{identifier(table)}"
            )
    for unique_id in seeds_of(manifest, "mql"):
        seed = manifest["nodes"][unique_id]
        kinds = seed["config"].get("column_types") or {}
        types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in kinds.items())
        path = literal(str(project / seed["original_file_path"]))
        con.execute(
            f"create or replace view seeds.{identifier(seed['name'])} as "
            f"from read_csv({path}, header = true, delim = ',', quote = '\"', types = {{{types}}})"
        )
    sql = canonical_sql(manifest["nodes"]["model.onefunnel.int_signal"]["compiled_code"])
    con.execute(f"create temp table signals as {sql}")
