"""Rows of the seeds that cannot be right, told by file and line before anything is built.

Each seed's own schema tests say what a row must be (types, lists of values, keys, validity), and
dbt runs them too; it would say which test failed, and people who edit a CSV need the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from onefunnel.config import DBT_PROJECT
from onefunnel.refusal import Refusal
from onefunnel.seed_file import Seed, alike, read, strange, wrong_kinds
from onefunnel.seed_rules import KEYS, RULES, columns_of, rows_of

SHOWN = 10


def require_sound(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> None:
    """Raise for rows that break what their seed's tests say, naming file, line and remedy."""
    found = problems(manifest, project)
    if found:
        more = f"\nand {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise Refusal(
            "\n".join(found[:SHOWN]) + more,
            remedy="Correct the rows and run again (what a column may hold stands in a .yml "
            "of the file's folder); the last release is still served",
        )


def problems(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> list[str]:
    """Every row that breaks a rule, as `file, line: problem and remedy`."""
    found: list[str] = []
    seeds: dict[str, Seed] = {}
    for key, node in manifest["nodes"].items():
        if node["resource_type"] == "seed":
            path, types = project / node["original_file_path"], node["config"]["column_types"]
            kinds = {
                name: (kind, node["columns"][name]["config"]["meta"].get("written", ""))
                for name, kind in types.items()
            }
            file = f"{project.name}/{node['original_file_path']}"
            tests = f"{project.name}/{node['patch_path'].partition('://')[2]}"
            seeds[key] = read(Seed(file, tests, types, kinds, {}), path, found)
    if found:
        return found
    for seed in seeds.values():
        found += [*wrong_kinds(seed), *blanks_around(seed)]
    keys: dict[str, set[str]] = {key: set() for key in seeds}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node") in seeds:
            given, seed = node["test_metadata"]["kwargs"], seeds[node["attached_node"]]
            name = node["test_metadata"]["name"]
            if name in RULES:
                found += RULES[name](rows_of(seed, node["config"].get("where")), given, seeds)
            if name in KEYS:
                keys[node["attached_node"]].update(columns_of(seed, given))
    for key, seed in seeds.items():
        found += spelled_otherwise(seed, keys[key])
    return sorted(set(found), key=lambda told: re.sub(r"[0-9]+", lambda n: n[0].zfill(9), told))


def blanks_around(seed: Seed) -> Iterator[str]:
    """Cells that begin or end with a blank, which nobody sees."""
    for line, row in seed.rows.items():
        for column, text in row.items():
            if text != text.strip():
                yield seed.at(line, f"{column} is {text!r}; write {text.strip()!r}, without blanks")


def spelled_otherwise(seed: Seed, keys: Iterable[str]) -> Iterator[str]:
    """Names of ours that differ from one above in case, blanks or alphabet alone."""
    for column in (name for name, type_ in seed.types.items() if type_ == "varchar"):
        first: dict[str, tuple[str, int]] = {}
        for line, row in seed.rows.items() if column not in keys else ():
            text, above = first.setdefault(alike(row[column]), (row[column], line))
            if row[column] != text:
                yield seed.at(
                    line,
                    f"{column} {row[column]!r}{strange(row[column])} reads like {text!r} in line "
                    f"{above}; write both the same",
                )
