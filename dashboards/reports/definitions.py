"""Definitions: what does each number mean, who owns it, when did it change?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.report import Report
from dashboards.source_data import PageData

# In the order of the funnel; others follow by name.
ORDER = ("lead", "person_record", "icp", "mql", "sal_standard", "sal", "rejection", "follow_up",
         "opportunity", "pipeline_source", "pipeline_influence", "win")  # fmt: skip


def content(data: PageData) -> Mapping[str, Any]:
    """Metrics, definitions with the counts of their clauses, and tests of each."""
    clauses: dict[str, list[dict[str, Any]]] = {}
    for row in data.rows("select * from marts.definition_clause order by definition, clause_order"):
        clauses.setdefault(row["definition"], []).append(row)
    known = data.glossary.definitions
    names = [name for name in ORDER if name in known]
    names += sorted(set(known) - set(names))
    about = {name: dict((c[0], c[2]) for c in known[name].columns) for name in names}
    checks = {
        name: [check for check in data.glossary.checks if check.about == name] for name in names
    }
    return {
        "metrics": [m for m in data.glossary.metrics.values() if m.slug != "amount_missing"],
        "definitions": [known[name] for name in names],
        "titles": {name: known[name].title for name in names},
        "clauses": clauses,
        "about": about,
        "checks": checks,
        "changes": data.rows(
            "select * from marts.definition_change order by changed_on desc, definition"
        ),
    }


REPORT = Report(
    slug="definitions",
    title="Definitions",
    question="What does each number mean, who owns it, and when did it change?",
    intro="Definitions are code that both teams have agreed to. To change one, open a pull "
    "request: this page is rebuilt from the merged version.",
    order=90,
    has_filters=False,
    template="definitions.html",
    content=content,
)
