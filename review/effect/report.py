"""All answers about a change, in the order in which they are read, as plain values.

This is what `impact.json` holds; words and layout are made from it and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.building.side import Side, Snapshot
from review.effect import attainment, clauses, figures, movers, soundness, tables, written
from review.effect.sides import Sides, opened, prepare_facts
from review.effect.warnings import warnings

FORMAT = 1
# Longer tails are in nobody's interest, and a comment has an end.
MOST_VALUES = 200
UNCHANGED, MOVED, FAILED, NOT_COMPARABLE = "unchanged", "moved", "failed", "not_comparable"


def failed(problem: str, remedy: str, verdict: str = FAILED) -> dict[str, Any]:
    """The report of a change that could not be judged."""
    lines = [line.strip() for line in problem.splitlines() if line.strip()]
    return {"format": FORMAT, "verdict": verdict, "problems": lines, "remedy": remedy}


def report(
    snapshot: Snapshot,
    head: Side,
    project: Path,
    base: Side | None,
    base_project: Path | None,
    base_manifest: Mapping[str, Any],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report, and the ids of all that change sides (never a name), which are kept apart."""
    with opened(snapshot.review, base, head) as sides:
        problems = soundness.problems(sides)
        if problems:
            return failed("\n".join(problems), "Correct the rule; nothing was compared"), []
        prepare_facts(sides)
        movers.prepare(sides)
        told = answers(sides)
        moved = {row["table"] for row in told["tables"] if row["moved"]}
        told["figures"] = tables.page_figures(sides, head)
        told["resting"] = tables.resting(head, moved)
        told["pages"] = tables.pages(moved | set(told["resting"]))
        told["fingerprints"] = written.fingerprints(sides, head, project, base, base_project)
        changed = {row["definition"] for row in told["fingerprints"] if row["base"] != row["head"]}
        told["agreements"] = written.agreements(head, project, moved | changed)
        told["changes"] = written.changed_files(sides, base_manifest, head)
        told["warnings"] = warnings(sides, base_manifest, head, told)
        told["run"] = {k: str(v) for k, v in sides.rows("from base.run")[0].items()}
        ids = movers.ids(sides)
    verdict = MOVED if moved or any(row["moved"] for row in told["headline"]) else UNCHANGED
    return {"format": FORMAT, "verdict": verdict, "is_signed": is_signed(told, moved), **told}, ids


def answers(sides: Sides) -> dict[str, Any]:
    """Everything that is counted."""
    return {
        "headline": figures.headline(sides),
        "targets": attainment.attainment(sides),
        "breakdowns": {
            name: figures.breakdown(sides, name)[:MOST_VALUES] for name in figures.DIMENSIONS
        },
        "movers": movers.movers(sides),
        "judgements": movers.judgements(sides)[:MOST_VALUES],
        "by_clause": clauses.by_clause(sides),
        "clauses": clauses.counted(sides),
        "tables": tables.differences(sides),
    }


def is_signed(told: Mapping[str, Any], moved: set[str]) -> bool:
    """Whether both teams agreed to every definition that moves, and to what feeds it."""
    concerned = [row for row in told["agreements"] if row["concerned"]]
    if moved and not concerned:
        # Only the pages' own arithmetic moves: no agreement covers that, and a warning says so.
        return False
    return all(row["is_agreed"] and not row["inputs_changed"] for row in concerned)
