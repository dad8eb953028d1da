"""Which published tables differ, and which pages show them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from connectors.sql import identifier
from dashboards.report import reports
from review.building.side import Side
from review.changes import descendants
from review.effect.sides import ABOUT_THE_RUN, SIDES, Sides
from review.plan import is_needed

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
TABLE = re.compile(r"\b(?:marts|definitions)\.(\w+)")
# A row is a number of its own, whatever its place: equal sums of these mean equal tables.
DIGEST = """
select count(*) as n, coalesce(sum(hash({columns})), 0) as sum,
    coalesce(bit_xor(hash({columns})), 0) as mixed
from {side}.{table}
"""
# Over all time, and in how many of the pages' periods the figure differs.
FIGURES = """
with base_rows as (
    select * from base.metric_slice
    where compare = 'current' and segment = 'All' and region = 'All' and source = 'All'
),
head_rows as (
    select * from head.metric_slice
    where compare = 'current' and segment = 'All' and region = 'All' and source = 'All'
)
select
    metric,
    max(base_rows.value) filter (period = 'all_time') as base,
    max(head_rows.value) filter (period = 'all_time') as head,
    count(*) filter (base_rows.value is distinct from head_rows.value) as moved,
    count(*) as figures
from base_rows
full join head_rows using (metric, period)
group by 1
order by 1
"""


def differences(sides: Sides) -> list[dict[str, Any]]:
    """Every public table that was built on a side, with whether any row differs."""
    return [compare(sides, table) for _, table in sides.tables if table not in ABOUT_THE_RUN]


def compare(sides: Sides, table: str) -> dict[str, Any]:
    """Rows of both sides as sets; columns that only one side has are named."""
    columns = {side: sides.columns(side, table) for side in SIDES}
    shared = [name for name in columns["head"] if name in columns["base"]]
    lonely = sorted(set(columns["base"]) ^ set(columns["head"]))
    counted: dict[str, dict[str, Any]] = {side: {"n": 0} for side in SIDES}
    if shared:
        listed = ", ".join(identifier(name) for name in shared)
        asked = DIGEST.replace("{columns}", listed).replace("{table}", identifier(table))
        counted = {side: rows[0] for side, rows in sides.both(asked).items()}
    return {
        "table": table,
        "base_rows": counted["base"]["n"],
        "head_rows": counted["head"]["n"],
        "columns": lonely,
        "moved": not shared or counted["base"] != counted["head"],
    }


def resting(head: Side, moved: set[str]) -> list[str]:
    """Tables that were not built and that rest on a definition that moved."""
    nodes = head.manifest["nodes"]
    below = descendants(
        head.manifest,
        [one for one, node in nodes.items() if is_needed(node) and node["alias"] in moved],
    )
    return sorted(nodes[one]["alias"] for one in below.intersection(head.plan.resting))


def page_figures(sides: Sides, head: Side) -> list[dict[str, Any]]:
    """Each shared metric as the pages sum it up, where that was built: the change is to how.

    A change of a definition moves them too, but through what the rest of the report is about.
    """
    if not any(table == "metric_slice" for _, table in sides.tables):
        return []
    known = head.manifest["nodes"]["model.onefunnel.metric_slice"]["config"]["meta"]["metrics"]
    return [
        {**row, **{name: known[row["metric"]][name] for name in ("title", "unit")}}
        for row in sides.rows(FIGURES)
        if row["metric"] in known
    ]


def pages(moved: set[str]) -> list[str]:
    """Titles of the pages that show a table that differs."""
    shared = set(TABLE.findall((DASHBOARDS / "source_data.py").read_text(encoding="utf-8")))
    found = []
    for report in reports():
        module = DASHBOARDS / "reports" / f"{report.slug.replace('-', '_')}.py"
        text = module.read_text(encoding="utf-8") if module.is_file() else ""
        read = set(TABLE.findall(text)) | (shared if report.has_filters or not text else set())
        if read & moved:
            found.append(report.title)
    return found
