"""Restatements: which published figure moved, and why?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import restated
from dashboards.report import Report
from dashboards.source_data import PageData

# Newest first; what is older stands in marts.restatement.
MOVED = """
select * from marts.restatement
where (source = 'All') = ?
order by moved_as_of desc, run_id desc, metric, month desc, source
limit ?
"""
TOTALS, BY_SOURCE = 400, 600


def content(data: PageData) -> Mapping[str, Any]:
    """The figures of everybody, then the same by source."""
    totals = data.rows(MOVED, True, TOTALS)
    metrics, currency = data.glossary.metrics, data.run["currency"]
    return {
        "told": restated.told(totals),
        "moves": restated.moves(totals, metrics, currency),
        "by_source": restated.moves(data.rows(MOVED, False, BY_SOURCE), metrics, currency),
    }


REPORT = Report(
    slug="restatements",
    title="Restatements",
    question="Which published figure moved, and why?",
    intro="A month that has ended is closed: its figures should stay. When a later release shows "
    "another figure, it is split into what the changed definition did and what data did that came "
    "or changed later. The month that still runs is not listed.",
    order=93,
    has_filters=False,
    template="restatements.html",
    content=content,
)
