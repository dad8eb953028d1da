"""One backtest: the rule in force and a candidate, over a served release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from connectors.sql import literal
from review.backtest import cohort as cohorts
from review.backtest import report, rule

HORIZON_DAYS = 180


@contextmanager
def over(review: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private engine with the release's reviewer's copy attached, read-only."""
    con = duckdb.connect()
    try:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {literal(str(review))} as release (read_only)")
        yield con
    finally:
        con.close()


def run(
    review: Path,
    released: Mapping[str, Any],
    *,
    minimum_score: int | None = None,
    tree: tuple[Mapping[str, Any], Path] | None = None,
    horizon_days: int = HORIZON_DAYS,
) -> dict[str, Any]:
    """The report. `released` is the release's manifest; `tree` a working tree's, and its folder.

    A threshold that is given goes over that of the tree.
    """
    now = rule.agreed(released, "rule in force")
    with over(review) as con:
        con.execute("create temp table signals as from release.intermediate.int_signal")
        cohort = cohorts.build(con, now, horizon_days)
        if tree is None:
            candidate = now.named("candidate", minimum_score) if minimum_score else None
            return report.report(con, cohort, now, candidate)
        manifest, project = tree
        candidate = rule.agreed(manifest, "candidate")
        if minimum_score:
            candidate = candidate.named("candidate", minimum_score)
        with over(review) as other:
            rule.signals(other, manifest, project)
            tried = cohorts.build(other, candidate, horizon_days)
            return report.report(con, cohort, now, candidate, (tried, other))
