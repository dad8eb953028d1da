"""What differs between two versions of the project, by what the engine would run.

dbt's own comparison sees a comment as a change and sees none when a number moved into a variable.
So the compiled SQL is compared in its canonical form, and seeds by their content. Pure functions
over manifests; running dbt and reading data belong elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot.errors import SqlglotError

from review.fingerprint import canonical_sql

Manifest = Mapping[str, Any]
BUILT = ("model", "seed")
# What else decides about a table or a test.
MODEL_CONFIG = ("materialized", "contract", "enabled", "schema", "alias", "database")
SEED_CONFIG = ("column_types", "delimiter", "quote_columns", "enabled", "schema", "alias")
# What of a node its compiled SQL is made of, beside macros and the names of its parents.
READ_BY_COMPILING = (
    "raw_code",
    "config",
    "schema",
    "alias",
    "test_metadata",
    "column_name",
    "columns",
)
TEST_CONFIG = ("severity", "where", "error_if", "warn_if", "limit", "fail_calc", "enabled")


@dataclass(frozen=True)
class Changes:
    """Node ids with the reasons; `removed` are nodes that the change no longer has."""

    nodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    # Only layout or comments differ: nothing has to be built for them.
    cosmetic: tuple[str, ...] = ()


def compare(base: Manifest, head: Manifest) -> Changes:
    """Which models, seeds and tests would run differently."""
    nodes: dict[str, tuple[str, ...]] = {}
    cosmetic = []
    for unique_id, node in sorted(head["nodes"].items()):
        kind = node["resource_type"]
        if kind not in (*BUILT, "test"):
            continue
        before = base["nodes"].get(unique_id)
        if before is None:
            nodes[unique_id] = ("new",)
            continue
        reasons = seed_reasons(before, node) if kind == "seed" else sql_reasons(before, node)
        if reasons:
            nodes[unique_id] = tuple(reasons)
        elif kind == "model" and before.get("raw_code") != node.get("raw_code"):
            cosmetic.append(unique_id)
    removed = [
        unique_id
        for unique_id, node in sorted(base["nodes"].items())
        if node["resource_type"] in (*BUILT, "test") and unique_id not in head["nodes"]
    ]
    return Changes(nodes, tuple(removed), tuple(cosmetic))


def sql_reasons(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Why a model or test would run differently."""
    reasons = []
    if not same_sql(before.get("compiled_code"), after.get("compiled_code")):
        reasons.append("sql")
        if before.get("raw_code") == after.get("raw_code"):
            # Nothing in the file moved: a macro, a variable or the environment did.
            reasons.append("from outside the file")
    names = TEST_CONFIG if after["resource_type"] == "test" else MODEL_CONFIG
    reasons += config_reasons(before, after, names)
    if after["resource_type"] == "model" and column_types(before) != column_types(after):
        reasons.append("columns")
    return reasons


def seed_reasons(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Why a seed holds something else."""
    reasons = [] if before["checksum"] == after["checksum"] else ["rows"]
    return reasons + config_reasons(before, after, SEED_CONFIG)


def config_reasons(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str]
) -> list[str]:
    """Settings of dbt that differ."""
    old, new = before["config"], after["config"]
    return [f"config {name}" for name in names if old.get(name) != new.get(name)]


def run_alike(base: Manifest, head: Manifest) -> set[str]:
    """Models and tests whose compiled SQL is that of the base, seen without compiling them.

    Empty when it cannot be told: another macro, a variable in the way, SQL that dbt puts into other
    SQL. Never one that differs; one that only looks different is compiled.
    """
    macros = [
        {one: macro["macro_sql"] for one, macro in of["macros"].items()} for of in (base, head)
    ]
    ways = [node.get("raw_code") or "" for node in head["nodes"].values()]
    ways += [
        macro["macro_sql"]
        for macro in head["macros"].values()
        if macro["package_name"] not in ("dbt", "dbt_duckdb")
    ]
    every_node = [*base["nodes"].values(), *head["nodes"].values()]
    if (
        macros[0] != macros[1]
        or any("var(" in way for way in ways)
        or any(node["config"].get("materialized") == "ephemeral" for node in every_node)
    ):
        return set()
    places = [
        {one: place(node) for one, node in {**of["nodes"], **of["sources"]}.items()}
        for of in (base, head)
    ]
    return {
        one
        for one, node in head["nodes"].items()
        if node["resource_type"] in ("model", "test")
        and (before := base["nodes"].get(one, {})).get("compiled_code")
        and all(before.get(name) == node.get(name) for name in READ_BY_COMPILING)
        and before["depends_on"]["nodes"] == (parents := node["depends_on"]["nodes"])
        and all(places[0].get(parent) == places[1].get(parent) for parent in parents)
    }


def place(node: Mapping[str, Any]) -> tuple[str, str]:
    """Schema and name under which compiled SQL reads a node or a source."""
    return node["schema"], node.get("alias") or node["identifier"]


def column_types(node: Mapping[str, Any]) -> dict[str, str | None]:
    """The contract's columns."""
    return {name: column.get("data_type") for name, column in node["columns"].items()}


def same_sql(before: str | None, after: str | None) -> bool:
    """Whether two compiled queries are one; parsed only when their plain text differs."""
    if before is None or after is None:
        return before == after
    if plain(before) == plain(after):
        return True
    try:
        return canonical_sql(before) == canonical_sql(after)
    except SqlglotError:
        return False


def plain(sql: str) -> str:
    """The text without names of databases: each side has its own file."""
    return re.sub(r'"\w+"\.(?="\w+"\.")', "", sql).strip()


def descendants(
    manifest: Manifest,
    starts: Iterable[str],
    through: Callable[[Mapping[str, Any]], bool] = lambda node: True,
) -> set[str]:
    """The starts and every model or test below them; `through` says which nodes lead on."""
    children = manifest["child_map"]
    found, waiting = set(), [start for start in starts if start in manifest["nodes"]]
    while waiting:
        unique_id = waiting.pop()
        node = manifest["nodes"].get(unique_id)
        if node is None or unique_id in found or node["resource_type"] not in (*BUILT, "test"):
            continue
        found.add(unique_id)
        if through(node):
            waiting += children.get(unique_id, [])
    return found


def ancestors(manifest: Manifest, starts: Iterable[str]) -> set[str]:
    """The starts and all that they are made of."""
    found, waiting = set(), list(starts)
    while waiting:
        unique_id = waiting.pop()
        if unique_id not in found:
            found.add(unique_id)
            node = manifest["nodes"].get(unique_id)
            waiting += node["depends_on"].get("nodes", []) if node else []
    return found


def read_privately(
    manifest: Manifest, unique_id: str, cut: Mapping[str, Iterable[str]]
) -> set[str]:
    """Parents that the reviewer's copy does not hold as this node reads them.

    Staging is not in it, and `cut` says which columns of other tables are not.
    """
    node = manifest["nodes"][unique_id]
    words = set(re.findall(r"\w+", (node.get("compiled_code") or "").lower()))
    return {
        parent
        for parent in node["depends_on"].get("nodes", [])
        if is_staging(manifest["nodes"].get(parent)) or words.intersection(cut.get(parent, ()))
    }


def is_staging(node: Mapping[str, Any] | None) -> bool:
    """Whether a node reads the landing."""
    return node is not None and node["resource_type"] == "model" and node["fqn"][1] == "staging"
