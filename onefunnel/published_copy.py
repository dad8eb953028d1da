"""Copy what may be read from the private warehouse into files of a release.

`published.duckdb` holds the public schemas; `review.duckdb` holds what a reviewer needs to compare
two versions of a rule, without any column tagged as personal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb

from connectors.manifest import force_to_disk
from connectors.sql import identifier, literal
from onefunnel.private_warehouse import open_duckdb
from onefunnel.refusal import Refusal, storage_problem
from review import restatement

PUBLIC = ("definitions", "marts")
REVIEW = ("seeds", "intermediate", "definitions", "marts")
# So that tools with an older engine can open the files.
STORAGE_VERSION = "v1.4.0"
MEMORY = "1GB"

Table = tuple[str, str]


def copy_published(private: Path, target: Path, manifest: Mapping[str, Any]) -> dict[Table, int]:
    """Copy the public schemas; refuse when a public column is tagged as personal."""
    personal = personal_columns(manifest)
    shown = sorted(
        f"{schema}.{table}.{column}"
        for (schema, table), columns in personal.items()
        if schema in PUBLIC
        for column in columns
    )
    if shown:
        raise Refusal(
            f"Personal columns would be published: {', '.join(shown)}",
            remedy="Leave them out of models in definitions/ and marts/",
        )
    return copy(private, target, PUBLIC, {})


def copy_review(private: Path, target: Path, manifest: Mapping[str, Any]) -> dict[Table, int]:
    """Copy what a reviewer needs, without personal columns."""
    return copy(private, target, REVIEW, personal_columns(manifest))


def personal_columns(manifest: Mapping[str, Any]) -> dict[Table, set[str]]:
    """Columns tagged as personal per table.

    An intermediate column of the same name as a tagged one upstream counts too: a tag that was
    forgotten on the way must not let a name or an address through. `personal: false` says that it
    was not forgotten.
    """
    tagged: dict[Table, dict[str, bool]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            columns = {column["name"].lower(): column for column in node["columns"].values()}
            tagged[(node["schema"], node["alias"])] = {
                name: told for name, column in columns.items() if (told := tag(column)) is not None
            }
    below = {
        name
        for (schema, _), told in tagged.items()
        if schema == "staging"
        for name, is_personal in told.items()
        if is_personal
    }
    found = {}
    for table, said in tagged.items():
        inherited = below if table[0] == "intermediate" else set()
        found[table] = {name for name in inherited | set(said) if said.get(name, True)}
    return found


def tag(column: Mapping[str, Any]) -> bool | None:
    """What a column of the manifest says about being personal; None when it says nothing."""
    meta = {**column.get("meta", {}), **(column.get("config") or {}).get("meta", {})}
    return bool(meta["personal"]) if "personal" in meta else None


def copy(
    private: Path, target: Path, schemas: Collection[str], without: Mapping[Table, Collection[str]]
) -> dict[Table, int]:
    """Write the schemas' tables into a new file, count the rows on both sides."""
    target.unlink(missing_ok=True)
    con = open_duckdb(Path(":memory:"), read_only=False)
    try:
        con.execute(f"set memory_limit = '{MEMORY}'; set preserve_insertion_order = true")
        con.execute(f"set temp_directory = {literal(str(target.parent / '.spill'))}")
        # Under the name that its views call it by.
        con.execute(f"attach {literal(str(private))} as {identifier(private.stem)} (read_only)")
        con.execute(
            f"attach {literal(str(target))} as copied (storage_version {literal(STORAGE_VERSION)})"
        )
        counts = {}
        for schema in schemas:
            con.execute(f"create schema copied.{identifier(schema)}")
        for schema, table, columns in columns_of(con, private.stem, schemas):
            left_out = {name.lower() for name in without.get((schema, table), ())}
            kept = [identifier(name) for name in columns if name.lower() not in left_out]
            if kept:
                counts[(schema, table)] = copy_table(con, private.stem, schema, table, kept)
        con.execute("detach copied")
    except duckdb.Error as error:
        raise storage_problem(str(error), target.parent) or Refusal(
            f"The warehouse could not be copied to {target.name} ({type(error).__name__})",
            remedy="Run again; if it fails again the private warehouse is damaged and the run "
            "builds it anew",
        ) from None
    finally:
        con.close()
    force_to_disk(target)
    return counts


def columns_of(
    con: duckdb.DuckDBPyConnection, database: str, schemas: Collection[str]
) -> list[tuple[str, str, list[str]]]:
    """Tables and views with their columns in order."""
    wanted = ", ".join(literal(schema) for schema in schemas)
    return con.execute(
        "select schema_name, table_name, list(column_name order by column_index) "
        f"from duckdb_columns() where database_name = ? and schema_name in ({wanted}) "
        "group by all order by all",
        [database],
    ).fetchall()


def copy_table(
    con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str, columns: list[str]
) -> int:
    """Copy one table, or the rows of a view, and return how many they are."""
    name = f"{identifier(schema)}.{identifier(table)}"
    built = f"{identifier(database)}.{name}"
    con.execute(f"create table copied.{name} as select {', '.join(columns)} from {built}")
    rows = con.execute(
        f"select (select count(*) from {built}), (select count(*) from copied.{name})"
    ).fetchall()[0]
    if rows[0] != rows[1]:
        raise Refusal(f"{schema}.{table} has {rows[0]} rows, its copy {rows[1]}")
    return int(rows[1])


def add_restatements(published: Path, restated: Path) -> None:
    """Tell a copy that is not published yet which figures it moves."""
    con = open_duckdb(published, read_only=False)
    try:
        restatement.load(con, "marts.restatement", [restated])
    finally:
        con.close()
