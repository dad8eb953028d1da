"""What must not stand on a page: the addresses and full names of everybody in the CRMs.

Belongs here: which values of the private warehouse are somebody's. Not here: searching a site for
them (`dashboards/publish.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from connectors.sql import identifier
from onefunnel.config import DBT_PROJECT
from onefunnel.private_warehouse import PrivateWarehouse
from onefunnel.published_copy import personal_columns

SHORTEST = 6
ADDRESS = r"[\w.+-]+@[\w.-]+\.[\w-]+"
# Whoever names people instead of words is no source of the pages' own words.
SEEDS_OF_PEOPLE = ("sales_user.csv", "automation_user.csv")


def personal_values(warehouse: PrivateWarehouse, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Each address and full name with the column in which it stands."""
    found: dict[str, str] = {}
    tagged = personal_columns(manifest)
    with warehouse.opened(read_only=True) as con:
        for place, value in queries(con, tagged):
            rows = con.execute(
                f"select distinct lower({value}) as value from {place[0]} where {value} like '% %' "
                f"or regexp_full_match({value}, ?) order by value",
                [ADDRESS],
            ).fetchall()
            for (one,) in rows:
                if len(one) >= SHORTEST:
                    found.setdefault(one, place[1])
    return found


def queries(
    con: duckdb.DuckDBPyConnection, tagged: Mapping[tuple[str, str], Iterable[str]]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Table, column's name and the expression of a value, for each that is there."""
    there = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in sorted(set(tagged) & set(there)):
        columns = set(tagged[(schema, table)])
        if schema != "staging":
            continue
        source = f"{identifier(schema)}.{identifier(table)}"
        if {"first_name", "last_name"} <= columns:
            yield (
                (source, f"{schema}.{table}.last_name"),
                "trim(first_name) || ' ' || trim(last_name)",
            )
        if "full_name" in columns:
            yield (source, f"{schema}.{table}.full_name"), "trim(full_name)"
        for column in sorted(columns - {"first_name", "last_name", "full_name"}):
            # Companies, titles and subjects are no person's name; an address counts anywhere.
            name = identifier(column)
            yield (
                (source, f"{schema}.{table}.{column}"),
                f"case when regexp_full_match({name}, '{ADDRESS}') then {name} end",
            )


def own_words(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> str:
    """What the product says by itself: a lead who signs as "Win Rate" must not stop a release."""
    described = [
        {name: node.get(name) for name in ("description", "raw_code", "columns", "config")}
        for node in manifest["nodes"].values()
        if node["schema"] in ("definitions", "marts")
    ]
    seeds = [
        path.read_text(encoding="utf-8").replace(",", "\n")
        for path in sorted(project.glob("seeds/**/*.csv"))
        if path.name not in SEEDS_OF_PEOPLE
    ]
    return "\n".join([json.dumps(described, ensure_ascii=False), *seeds])
