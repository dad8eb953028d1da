"""Rows of the seeds that cannot be right, told by file and line before anything is built.

Each seed's own schema tests say what a row must be (types, lists of values, keys, validity), and
dbt runs them too; it would say which test failed, and people who edit a CSV need the line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from onefunnel.config import DBT_PROJECT
from onefunnel.refusal import Refusal

SHOWN = 10
EVER, NEVER = "0001-01-01", "9999-12-31"

Row = dict[str, str]


def _boolean(text: str) -> None:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)


# What a cell of a type must be, and how to write it.
TYPES: dict[str, tuple[Callable[[str], Any], str]] = {
    "bigint": (int, "a whole number"),
    "date": (date.fromisoformat, "a date as 2026-01-31"),
    "numeric(28, 6)": (Decimal, "a number with a point, without thousands separators"),
    "boolean": (_boolean, "true or false"),
}


@dataclass(frozen=True)
class Seed:
    """One CSV file with its rows by line."""

    file: str
    types: Mapping[str, str]
    rows: Mapping[int, Row]

    def at(self, line: int, problem: str) -> str:
        """A problem with where it stands."""
        return f"{self.file}, line {line}: {problem}"


def require_sound(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> None:
    """Raise for rows that break what their seed's tests say, naming file, line and remedy."""
    found = problems(manifest, project)
    if found:
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise Refusal(
            "; ".join(found[:SHOWN]) + more,
            remedy="Correct the rows and run again (what a column may hold stands in the .yml "
            "beside the file); the last release is still served",
        )


def problems(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> list[str]:
    """Every row that breaks a rule, as `file, line: problem and remedy`."""
    found: list[str] = []
    seeds: dict[str, Seed] = {}
    for key, node in manifest["nodes"].items():
        if node["resource_type"] == "seed":
            path = project / node["original_file_path"]
            columns = node["config"]["column_types"]
            seed = Seed(f"{project.name}/{node['original_file_path']}", columns, {})
            seeds[key] = read(seed, path, found)
    for seed in seeds.values():
        found += wrong_types(seed)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node") in seeds:
            broken = RULES.get(node["test_metadata"]["name"])
            if broken:
                given = node["test_metadata"]["kwargs"]
                found += broken(seeds[node["attached_node"]], given, seeds)
    return sorted(set(found))


def read(seed: Seed, path: Path, found: list[str]) -> Seed:
    """The rows of a file by line; what does not fit its header goes to `found`."""
    rows: dict[int, Row] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        if sorted(header) != sorted(seed.types):
            wanted = ", ".join(seed.types)
            found.append(seed.at(1, f"the columns are {', '.join(header)}; they must be {wanted}"))
            return seed
        for cells in lines:
            if len(cells) == len(header):
                rows[lines.line_num] = dict(zip(header, cells, strict=True))
            elif cells:
                found.append(
                    seed.at(
                        lines.line_num,
                        f"{len(cells)} cells where {len(header)} belong; a value with a comma "
                        'stands in "quotes"',
                    )
                )
    return Seed(seed.file, seed.types, rows)


def wrong_types(seed: Seed) -> Iterator[str]:
    """Cells that are no number, date or truth value where one belongs."""
    for line, row in seed.rows.items():
        for column, text in row.items():
            kind = TYPES.get(seed.types[column])
            try:
                if kind and text:
                    kind[0](text)
            except (ValueError, ArithmeticError):
                yield seed.at(line, f"{column} is {text!r}; write {kind[1] if kind else ''}")


def not_given(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Cells that must not be empty."""
    for line, row in seed.rows.items():
        for column in given["columns"]:
            if not row.get(column, ""):
                yield seed.at(line, f"{column} is empty; give it a value")


def not_in_list(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Words that are none of the list."""
    allowed, column = [str(value) for value in given["values"]], given["column_name"]
    for line, row in seed.rows.items():
        if row[column] and row[column] not in allowed:
            known = ", ".join(allowed)
            yield seed.at(line, f"{column} {row[column]!r} is unknown; it may be {known}")


def not_elsewhere(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Words that the seed which lists them does not know."""
    named = re.findall(r"ref\('(\w+)'\)", given["to"])
    other = next((seeds[key] for key in seeds if key.rsplit(".", 1)[-1] in named), None)
    if other:
        known = {row[given["field"]] for row in other.rows.values()}
        column = given["column_name"]
        for line, row in seed.rows.items():
            if row[column] and row[column] not in known:
                yield seed.at(line, f"{column} {row[column]!r} is unknown; add it to {other.file}")


def repeated(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """A key that an earlier line has already."""
    columns = given.get("columns") or [given["column_name"]]
    first: dict[tuple[str, ...], int] = {}
    for line, row in seed.rows.items():
        key = tuple(row[column] for column in columns)
        if key in first and any(key):
            told = " ".join(filter(None, key))
            yield seed.at(line, f"{told!r} stands in line {first[key]} already; keep one of them")
        first.setdefault(key, line)


def overlapping(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Two meanings of one value at the same time."""
    columns = [
        name for key in given["keys"] for name in re.findall(r"\w+", key) if name in seed.types
    ]
    held: dict[tuple[str, ...], list[tuple[str, str, int]]] = {}
    for line, row in seed.rows.items():
        key = tuple(row[column].strip().lower() for column in columns)
        since, until = row["valid_from"] or EVER, row["valid_to"] or NEVER
        if until <= since:
            yield seed.at(
                line, f"valid_to {until} is not after valid_from {since}; move one of them"
            )
        held.setdefault(key, []).append((since, until, line))
    for key, periods in held.items():
        for (_begun, until, earlier), (since, _ended, later) in zip(
            sorted(periods), sorted(periods)[1:], strict=False
        ):
            if since < until:
                told = " ".join(filter(None, key))
                yield seed.at(
                    max(earlier, later),
                    f"{told!r} holds in line {min(earlier, later)} at the same time; end that row "
                    "with valid_to where this one begins with valid_from",
                )


RULES: dict[str, Callable[[Seed, Mapping[str, Any], Mapping[str, Seed]], Iterator[str]]] = {
    "always_given": not_given,
    "accepted_values": not_in_list,
    "relationships": not_elsewhere,
    "unique": repeated,
    "one_row_per": repeated,
    "validity_does_not_overlap": overlapping,
}
