"""What compiled SQL may read: tables of the project, by a single select. Refused by name.

Belongs here: the check of what dbt made of the project, before the engine sees it. The files
themselves are checked in `permitted.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from review.changes import place
from review.permitted import Forbidden

KINDS = {"model", "seed", "test"}
TABLE_FORMS = {"table", "view", "ephemeral"}
# Functions that read, write, ask or wait outside of the tables given to them.
OUTSIDE = re.compile(
    r"^(read_\w+|scan_\w+|\w+_scan|\w+_query|sniff_csv|parquet_\w+|glob|query|query_table|getenv|"
    r"current_setting|set_config|getvariable|duckdb_\w+|pragma_\w+|pg_\w+|st_read\w*|http\w*|"
    r"load_\w+|which_secret|write_log|sql_auto_complete|json_execute\w*|arrow_\w+|seq_scan|"
    r"iceberg_\w+|delta_\w+|shell\w*|checkpoint|force_checkpoint|test_\w+)$",
    re.I,
)
ROWS = {"unnest", "range", "generate_series"}
CLOCK = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.CurrentDatetime)
CLOCKS = {"now", "today", "get_current_timestamp", "get_current_time", "transaction_timestamp"}


def in_manifest(base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Forbidden]:
    """What dbt made of the project: hooks, Python, foreign kinds of nodes, overridden macros."""
    for node in head["nodes"].values():
        file, config = node["original_file_path"], node["config"]
        if node["resource_type"] not in KINDS:
            yield Forbidden(file, f"is a {node['resource_type']}")
        if node.get("language", "sql") != "sql":
            yield Forbidden(file, f"is {node['language']}: a model is SQL")
        for hook in ("pre-hook", "post-hook"):
            if config.get(hook):
                yield Forbidden(file, f"has a {hook}")
        if node["resource_type"] == "model" and config.get("materialized") not in TABLE_FORMS:
            yield Forbidden(file, f"is materialized as {config.get('materialized')}")
    before = own_macros(base)
    dbts = {
        macro["name"] for macro in head["macros"].values() if macro["package_name"] != "onefunnel"
    }
    for name, file in own_macros(head).items():
        if name in dbts and name not in before:
            yield Forbidden(file, f"overrides dbt's own macro {name}")


def own_macros(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The project's macros with their files."""
    return {
        macro["name"]: macro["original_file_path"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "onefunnel"
    }


def in_nodes(manifest: Mapping[str, Any], changed: Iterable[str]) -> list[Forbidden]:
    """What the compiled SQL of these nodes may not do."""
    nodes = manifest["nodes"]
    known = {
        (schema.lower(), name.lower())
        for schema, name in (
            place(node)
            for node in [*nodes.values(), *manifest["sources"].values()]
            if node["resource_type"] in ("model", "seed", "source")
        )
    }
    found = []
    for unique_id in sorted(changed):
        node = nodes.get(unique_id)
        if node and node.get("compiled_code"):
            file = node["original_file_path"]
            found += [Forbidden(file, what) for what in in_sql(node["compiled_code"], known)]
    return found


def in_sql(sql: str, known: set[tuple[str, str]]) -> list[str]:
    """What a query does beside reading known tables; each thing once."""
    try:
        statements = sqlglot.parse(sql, read="duckdb")
    except SqlglotError as error:
        return [f"cannot be read as SQL: {str(error).splitlines()[0][:120]}"]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        kinds = [statement.key if statement else "nothing" for statement in statements]
        return [f"is no single select but {', '.join(kinds)}"]
    tree = statements[0]
    names = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    found = dict.fromkeys(
        what
        for part in tree.walk()
        for what in (in_table(part, known, names), in_function(part))
        if what
    )
    return list(found)


def in_table(part: exp.Expr, known: set[tuple[str, str]], names: set[str]) -> str | None:
    """A table that is none of the project's."""
    if not isinstance(part, exp.Table):
        return None
    if not isinstance(part.this, exp.Identifier):
        name = function_name(part.this)
        is_told = name.lower() in ROWS or OUTSIDE.match(name)  # the latter as a call
        return None if is_told else f"reads {name}()"
    if not part.db:
        return None if part.name.lower() in names else f"reads {part.name!r}, no table of ours"
    if (part.db.lower(), part.name.lower()) in known:
        return None
    return f"reads {part.db}.{part.name}, no table of ours"


def in_function(part: exp.Expr) -> str | None:
    """A function that reaches outside, or reads the clock."""
    if isinstance(part, exp.Command | exp.Into):
        return f"runs {part.sql(dialect='duckdb')[:40]}"
    if isinstance(part, CLOCK):
        return "reads the clock: everything is judged as of `run.as_of`"
    if not isinstance(part, exp.Func):
        return None
    name = function_name(part)
    if name.lower() in CLOCKS:
        return "reads the clock: everything is judged as of `run.as_of`"
    return f"calls {name}()" if OUTSIDE.match(name) else None


def function_name(part: exp.Expr) -> str:
    """The name as it is written."""
    if isinstance(part, exp.Anonymous):
        return str(part.this)
    return part.sql_name().lower() if isinstance(part, exp.Func) else part.key
