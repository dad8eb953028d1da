"""What a definition says, reduced to a fingerprint that changes when, and only when, the rule does.

The compiled SQL is parsed and written again without comments, layout, case or the name of the
database; the seeds that it reads without passing through another definition belong to it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

LENGTH = 12


def canonical_sql(sql: str, dialect: str = "duckdb") -> str:
    """The same text for every way of writing the same query."""
    tree = sqlglot.parse_one(sql, read=dialect)
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", False)
        identifier.set("this", identifier.name.lower())
    return tree.sql(dialect=dialect, comments=False)


def canonical_seed(content: bytes) -> str:
    """The rows of a seed, whatever its line ends and quotes."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return "\n".join("\x1f".join(row) for row in rows if row)


def is_definition(node: Mapping[str, Any]) -> bool:
    """Whether a node of the manifest is one of the shared definitions."""
    return node["resource_type"] == "model" and node["fqn"][1] == "definitions"


def definitions(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The definitions by name."""
    nodes = (node for node in manifest["nodes"].values() if is_definition(node))
    return {node["name"]: node for node in sorted(nodes, key=lambda node: node["name"])}


def seeds_of(manifest: Mapping[str, Any], unique_id: str) -> list[str]:
    """Seeds that a definition reads, directly or through models that are no definition."""
    found, seen, waiting = set(), {unique_id}, [unique_id]
    while waiting:
        for parent in manifest["nodes"][waiting.pop()]["depends_on"].get("nodes", []):
            node = manifest["nodes"].get(parent)
            if node is None or parent in seen:
                continue
            seen.add(parent)
            if node["resource_type"] == "seed":
                found.add(parent)
            elif not is_definition(node):
                waiting.append(parent)
    return sorted(found)


def fingerprint(manifest: Mapping[str, Any], unique_id: str, project: Path) -> str:
    """Fingerprint of one definition: its own SQL and its seeds."""
    node = manifest["nodes"][unique_id]
    sql = node.get("compiled_code")
    if not sql:
        raise ValueError(f"{node['original_file_path']} is not compiled: run `dbt compile` first")
    digest = hashlib.sha256(canonical_sql(sql).encode())
    for seed_id in seeds_of(manifest, unique_id):
        seed = manifest["nodes"][seed_id]
        content = (project / seed["original_file_path"]).read_bytes()
        digest.update(f"\n{seed['name']}\n{canonical_seed(content)}".encode())
    return digest.hexdigest()[:LENGTH]


def fingerprints(manifest: Mapping[str, Any], project: Path) -> dict[str, str]:
    """Fingerprint of every definition, by name."""
    return {
        name: fingerprint(manifest, node["unique_id"], project)
        for name, node in definitions(manifest).items()
    }
