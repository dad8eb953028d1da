"""Small cells of a report that strangers may read: where a group is small, a count names somebody.

A figure that counts or rests on fewer than five is withheld on both sides, and one more of the same
column besides when it alone could be worked out from the total. Pure functions.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

FEWEST = 5
COUNTS = (
    "n", "accepted", "rejected", "never_worked", "pending", "decided", "removed",
    "with_opportunity", "won", "lost", "open",
)  # fmt: skip
HELD = {"base": None, "head": None, "base_of": None, "head_of": None, "is_withheld": True}


def suppressed(report: Mapping[str, Any]) -> dict[str, Any]:
    """The same report without small cells, the pages' figures, and rows of seeds and code."""
    told = copy.deepcopy(dict(report))
    for row in told.get("headline", []):
        withhold_figure(row)
    for rows in told.get("breakdowns", {}).values():
        withhold_column(rows)
    for rows in told.get("movers", {}).values():
        for row in rows:
            withhold_group(row)
    for name in ("judgements", "by_clause"):
        for row in told.get(name, []):
            withhold_group(row)
    for row in told.get("clauses", []):
        pairs = [f"{side}_{what}" for side in ("base", "head") for what in ("failed", "alone")]
        for key in pairs:
            if is_few(row[key]):
                row[key] = None
    for row in told.get("targets", []):
        if row["unit"] == "count" and (is_few(row["base"]) or is_few(row["head"])):
            row.update(base=None, head=None, base_share=None, head_share=None)
    return {**told, "figures": [], "is_public": True}


def is_few(value: Any) -> bool:
    """Whether a count is small enough to name somebody; nobody is named by nought."""
    return value is not None and 0 < value < FEWEST


def rests_on(row: Mapping[str, Any]) -> list[Any]:
    """The counts behind a figure."""
    if row["unit"] == "rate":
        return [n for side in ("base_of", "head_of") for n in row.get(side) or ()]
    return [row["base"], row["head"]] if row["unit"] == "count" else []


def withhold_figure(row: dict[str, Any]) -> bool:
    """Withhold a figure that rests on few."""
    counts = rests_on(row)
    difference = [abs(row["head"] - row["base"])] if row["unit"] == "count" else []
    if any(is_few(count) for count in [*counts, *difference]):
        row.update(HELD)
        return True
    return False


def withhold_column(rows: list[dict[str, Any]]) -> None:
    """Withhold small cells of a breakdown; a lone one takes its smallest neighbour with it."""
    if not rows:
        return
    for row in rows:
        few_deals = withhold_figure(row["figures"]["opportunities"])
        if few_deals:
            row["figures"]["pipeline_created"].update(HELD)
    for slug in rows[0]["figures"]:
        column = [row["figures"][slug] for row in rows]
        for figure in column:
            if not figure.get("is_withheld"):
                withhold_figure(figure)
        shown = [figure for figure in column if not figure.get("is_withheld")]
        others = [figure for figure in shown if figure["base"] or figure["head"]]
        if len(column) - len(shown) == 1 and others:
            smallest = min(others, key=lambda figure: max(figure["base"] or 0, figure["head"] or 0))
            smallest.update(HELD)


def withhold_group(row: dict[str, Any]) -> None:
    """Withhold the counts of a group of people or deals, and all that rests on them."""
    if any(is_few(row.get(name)) for name in COUNTS):
        for name in list(row):
            if name in (*COUNTS, "pipeline") or name.endswith(("_rate", "acceptance", "_interval")):
                row[name] = None
        row["is_withheld"] = True
