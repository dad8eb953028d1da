"""What a definition says, reduced to two fingerprints: the rule, and what the rule is fed with.

`rule` is the definition's own SQL and the seeds tagged to it: what both teams sign. `inputs` is
everything upstream of it, other seeds and other definitions included: a change there must show that
no number moves, or be acknowledged.

The compiled SQL (macros and variables resolved) is parsed and written again without comments,
layout, case or the name of the database, so a fingerprint changes when, and only when, what is said
does. dbt's own comparison does not see a rule in a variable, and sees a comment.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

LENGTH = 12


@dataclass(frozen=True)
class Fingerprint:
    """Of one definition."""

    rule: str
    inputs: str


@lru_cache(maxsize=512)
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


def upstream(manifest: Mapping[str, Any], unique_id: str) -> list[str]:
    """All models and seeds that a model rests on, itself not included."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["nodes"][waiting.pop()]["depends_on"].get("nodes", []):
            if parent in manifest["nodes"] and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return sorted(found)


def tagged_to(seed: Mapping[str, Any]) -> list[str]:
    """The definitions to which a seed belongs: `definitions` in its meta (dbt_project.yml)."""
    return list((seed.get("config", {}).get("meta") or {}).get("definitions") or [])


def seeds_of(manifest: Mapping[str, Any], name: str) -> list[str]:
    """The seeds that are part of a definition's rule."""
    return sorted(
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "seed" and name in tagged_to(node)
    )


def said(manifest: Mapping[str, Any], unique_id: str, project: Path) -> str:
    """What a model or seed says, in canonical form."""
    node = manifest["nodes"][unique_id]
    if node["resource_type"] == "seed":
        return canonical_seed((project / node["original_file_path"]).read_bytes())
    sql = node.get("compiled_code")
    if not sql:
        raise ValueError(f"{node['original_file_path']} is not compiled: run `dbt compile` first")
    return canonical_sql(sql)


def digest_of(manifest: Mapping[str, Any], unique_ids: list[str], project: Path) -> str:
    """Digest of several models and seeds, by name."""
    digest = hashlib.sha256()
    for unique_id in unique_ids:
        name = manifest["nodes"][unique_id]["name"]
        digest.update(f"\n{name}\n{said(manifest, unique_id, project)}".encode())
    return digest.hexdigest()[:LENGTH]


def rule_of(manifest: Mapping[str, Any], name: str, project: Path) -> str:
    """Fingerprint of what is signed: the definition's own SQL and its seeds."""
    unique_id = definitions(manifest)[name]["unique_id"]
    return digest_of(manifest, [unique_id, *seeds_of(manifest, name)], project)


def inputs_of(manifest: Mapping[str, Any], name: str, project: Path) -> str:
    """Fingerprint of everything upstream that is not part of the rule."""
    unique_id = definitions(manifest)[name]["unique_id"]
    own = set(seeds_of(manifest, name))
    feeding = [found for found in upstream(manifest, unique_id) if found not in own]
    return digest_of(manifest, feeding, project)


def rules(manifest: Mapping[str, Any], project: Path) -> dict[str, str]:
    """The `rule` of every definition, by name."""
    return {name: rule_of(manifest, name, project) for name in definitions(manifest)}


def fingerprints(manifest: Mapping[str, Any], project: Path) -> dict[str, Fingerprint]:
    """Both fingerprints of every definition, by name. Needs all models compiled."""
    return {
        name: Fingerprint(rule_of(manifest, name, project), inputs_of(manifest, name, project))
        for name in definitions(manifest)
    }


def logic_of(manifest: Mapping[str, Any], model: str, project: Path) -> str:
    """Digest of all SQL and seeds behind a model as they are written: equal means the same rule.

    Not canonical, so cheap: it may differ where nothing is said differently, never the other way.
    """
    nodes = manifest["nodes"]
    unique_id = next(
        found
        for found, node in nodes.items()
        if node["resource_type"] == "model" and node["name"] == model
    )
    digest = hashlib.sha256()
    for found in [unique_id, *upstream(manifest, unique_id)]:
        node = nodes[found]
        if node["resource_type"] == "seed":
            digest.update((project / node["original_file_path"]).read_bytes())
        else:
            digest.update((node.get("compiled_code") or node["raw_code"]).encode())
    return digest.hexdigest()[:LENGTH]
