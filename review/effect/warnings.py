"""What a reviewer must know before reading the figures as a verdict. Data only; words elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.building.side import Side
from review.effect.sides import Sides

YOUNG_DAYS = 90
HARDLY_WORKED = 0.8
YOUNG = """
select count(*) as n, count(*) filter (
    coalesce(base_at, head_at) > run.as_of - interval {days} day) as young
from moved_mql cross join head.run where kind in ('leaves', 'enters')
"""


def warnings(
    sides: Sides, base: Mapping[str, Any], head: Side, report: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Every warning that applies, as its kind with its values."""
    return [
        *about_numbers(sides, report),
        *about_rules(base, head, report),
        *about_tests(base, head),
    ]


def about_numbers(sides: Sides, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Figures that cannot be read by themselves."""
    moved = {row["slug"] for row in report["headline"] if row["moved"]}
    found: list[dict[str, Any]] = []
    if "mqls" in moved and moved & {"acceptance", "sals", "sla_met", "mql_to_opportunity"}:
        found.append({"kind": "rests_on_mql"})
    targets = sorted({row["metric"] for row in report["targets"] if row["base"] != row["head"]})
    if targets:
        found.append({"kind": "targets", "metrics": targets})
    for row in report["movers"]["mql"]:
        unworked = row["never_worked"] + row["pending"]
        if row["kind"] == "enters" and unworked >= HARDLY_WORKED * row["n"]:
            found.append({"kind": "hardly_worked", "n": row["n"], "unworked": unworked})
    young = sides.rows(YOUNG.replace("{days}", str(YOUNG_DAYS)))[0]
    if young["young"]:
        found.append({"kind": "young", **young, "days": YOUNG_DAYS})
    invariants = [row["slug"] for row in report["headline"] if row.get("is_invariant")]
    signable = any(row["concerned"] for row in report["agreements"])
    if any(row["moved"] for row in report["tables"]) and not signable:
        found.append({"kind": "only_arithmetic"})
    if moved & set(invariants):
        found.append({"kind": "invariant", "figures": [n for n in invariants if n in moved]})
    return found


def about_rules(
    base: Mapping[str, Any], head: Side, report: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """How the change is written."""
    nodes = head.manifest["nodes"]
    found: list[dict[str, Any]] = []
    outside = [
        nodes[one]["name"]
        for one, reasons in head.plan.changed.items()
        if "from outside the file" in reasons and nodes[one]["resource_type"] != "test"
    ]
    if outside:
        macros = changed_macros(base, head.manifest)
        kind = "by_macro" if macros else "by_variable"
        found.append({"kind": kind, "names": sorted(outside), "macros": macros})
    for row in report["clauses"]:
        for fails, before, after in (
            ("none", row["base_failed"], row["head_failed"]),
            ("all", passed(row, "base"), passed(row, "head")),
        ):
            if before and not after and row["head_judged"]:
                named = {"definition": row["definition"], "clause": row["clause"]}
                found.append({"kind": "constant", **named, "fails": fails})
    found += [
        {"kind": "version", "definition": row["definition"], "version": row["version"]}
        for row in report["fingerprints"]
        if row["base"] and row["base"] != row["head"] and row["version"] == row["base_version"]
    ]
    return found


def passed(row: Mapping[str, Any], side: str) -> int:
    """How many rows did not fail a clause."""
    return (row[f"{side}_judged"] or 0) - (row[f"{side}_failed"] or 0)


def changed_macros(base: Mapping[str, Any], head: Mapping[str, Any]) -> list[str]:
    """Macros of the project that differ."""
    before = {key: macro["macro_sql"] for key, macro in base["macros"].items()}
    return sorted(
        macro["name"]
        for key, macro in head["macros"].items()
        if macro["package_name"] == "onefunnel" and before.get(key) != macro["macro_sql"]
    )


def about_tests(base: Mapping[str, Any], head: Side) -> list[dict[str, Any]]:
    """Checks that are gone, milder, or could not run here; models that are gone."""
    nodes = head.manifest["nodes"]
    gone = [base["nodes"][one] for one in head.plan.removed]
    found: list[dict[str, Any]] = []
    for kind, names in (
        ("tests_removed", [node["name"] for node in gone if node["resource_type"] == "test"]),
        ("removed", [node["name"] for node in gone if node["resource_type"] != "test"]),
        (
            "tests_changed",
            [
                nodes[one]["name"]
                for one, reasons in head.plan.changed.items()
                if nodes[one]["resource_type"] == "test" and "new" not in reasons
                and any(reason.startswith("config") for reason in reasons)
            ],
        ),
        ("left_out", [nodes[one]["name"] for one in head.plan.left_out]),
    ):  # fmt: skip
        if names:
            found.append({"kind": kind, "names": sorted(names)})
    return found
