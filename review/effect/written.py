"""How the change is written: files with their differences, fingerprints, agreements."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.building.side import Side
from review.effect.sides import Sides
from review.fingerprint import definitions, rules
from review.standing import standings

LINES = 200
VERSIONS = "select definition, version, fingerprint from base.definition_change where is_in_force"


def changed_files(sides: Sides, base: Mapping[str, Any], head: Side) -> list[dict[str, Any]]:
    """One entry a model, seed or macro that differs, with the lines of its difference."""
    found = []
    for unique_id, reasons in [
        *head.plan.changed.items(),
        *((one, ("layout or comments only",)) for one in head.plan.cosmetic),
    ]:
        node = head.manifest["nodes"][unique_id]
        before = base["nodes"].get(unique_id, {})
        lines = (
            seed_lines(sides, node["alias"])
            if node["resource_type"] == "seed"
            else text_lines(before.get("raw_code") or "", node.get("raw_code") or "")
        )
        found.append(entry(node["original_file_path"], node["resource_type"], reasons, lines))
    old = {key: macro["macro_sql"] for key, macro in base["macros"].items()}
    for key, macro in sorted(head.manifest["macros"].items()):
        if macro["package_name"] == "onefunnel" and old.get(key, "") != macro["macro_sql"]:
            lines = text_lines(old.get(key, ""), macro["macro_sql"])
            file = macro["original_file_path"]
            found.append(entry(file, "macro", ["sql" if key in old else "new"], lines))
    return found


def entry(file: str, kind: str, reasons: Any, lines: list[str]) -> dict[str, Any]:
    """A file as the report holds it; a very long difference is cut and says so."""
    cut = len(lines) - LINES
    shown = lines[:LINES] + ([f"… {cut} more lines"] if cut > 0 else [])
    return {"file": file, "kind": kind, "reasons": list(reasons), "diff": shown}


def text_lines(before: str, after: str) -> list[str]:
    """The lines that differ, with their neighbours."""
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]


def seed_lines(sides: Sides, table: str) -> list[str]:
    """Rows of a seed that only one side has."""
    columns = {side: sides.columns(side, table) for side in ("base", "head")}
    if not all(columns.values()):
        return []
    found = []
    for sign, one, other in (("-", "base", "head"), ("+", "head", "base")):
        rows = sides.con.execute(
            f'select * from {one}."{table}" except all select * from {other}."{table}" order by all'
            if list(columns[one]) == list(columns[other])
            else f'select * from {one}."{table}" order by all'
        ).fetchall()
        found += [sign + ",".join("" if v is None else str(v) for v in row) for row in rows]
    return found


def fingerprints(
    sides: Sides, head: Side, project: Path, base: Side | None, base_project: Path | None
) -> list[dict[str, Any]]:
    """The rule of each definition on both sides."""
    after = rules(head.manifest, project)
    published = {row["definition"]: row for row in sides.rows(VERSIONS)}
    before = rules(base.manifest, base_project) if base and base_project else {}
    nodes = definitions(head.manifest)
    known = definitions(base.manifest) if base else {}
    found = []
    for name, rule in after.items():
        said = published.get(name, {})
        version = version_of(known[name]) if name in known else said.get("version")
        found.append(
            {
                "definition": name,
                "base": before.get(name) or said.get("fingerprint"),
                "head": rule,
                "base_version": version,
                "version": version_of(nodes[name]),
            }
        )
    return found


def version_of(node: Mapping[str, Any]) -> int | None:
    """The version in a definition's yml."""
    return (node["config"].get("meta") or {}).get("version")


def agreements(head: Side, project: Path, moved: set[str]) -> list[dict[str, Any]]:
    """Where each definition stands with each team; `concerned`: this change moves it."""
    return [
        {
            "definition": one.term.name,
            "team": one.team,
            "owner": one.owner,
            "is_agreed": one.is_agreed,
            "inputs_changed": one.inputs_changed,
            "command": one.command,
            "concerned": one.term.name in moved,
        }
        for one in standings(head.manifest, project)
    ]
