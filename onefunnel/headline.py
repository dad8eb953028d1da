"""The headline of a release: each shared metric over all time, as it is noted and as it is read.

Belongs here: which figures a release says about itself. Not here: how they are computed (marts) and
how a number is written (the pages' own rules, so that a terminal and a page never differ).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboards import glossary, wording
from dashboards.source_data import Slice
from onefunnel.private_warehouse import open_duckdb

# Medians have no sum: every figure is looked up as the pages look it up, never added up here.
FIGURES = """
select metric, numerator, denominator, value, n from marts.metric_slice
where period = 'all_time' and compare = 'current'
    and segment = 'All' and region = 'All' and source = 'All'
order by metric
"""


def facts(published: Path, manifest: Path) -> dict[str, dict[str, Any]]:
    """`headline`: the numbers; `shown`: the same in words, with unit and the rule for few."""
    metrics = glossary.read(manifest, None).metrics
    con = open_duckdb(published, read_only=True)
    try:
        currency = con.execute("select currency from marts.run").fetchall()[0][0]
        found = {
            metric: Slice(numerator, denominator, value, n)
            for metric, numerator, denominator, value, n in con.execute(FIGURES).fetchall()
        }
    finally:
        con.close()
    return {
        "headline": {name: one.value for name, one in found.items() if one.value is not None},
        "shown": {
            name: wording.figure(metrics[name], one, currency).headline
            for name, one in found.items()
            if name in metrics
        },
    }
