"""Definitions: what does each number mean, who owns it, when did it change?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.report import Report, reports
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
        "shown_on": {name: shown_on(data, name) for name in names},
        "clauses": clauses,
        "about": about,
        "checks": checks,
        "changes": data.rows(
            "select * from marts.definition_change order by changed_on desc, definition"
        ),
    }


def shown_on(data: PageData, definition: str) -> list[dict[str, str]]:
    """The first place of each page where a figure of the definition stands."""
    known = {**data.glossary.metrics, **data.glossary.breakdowns}
    own = {slug for slug, metric in known.items() if metric.definition == definition}
    found = []
    for report in reports():
        at_top = any(own & set(row.metrics) for row in report.tiles)
        cards = [card.id for card in report.cards
                 if own & {card.subject, *card.options.get("columns", ())}]  # fmt: skip
        if at_top or cards:
            place = report.file if at_top else f"{report.file}#{cards[0]}"
            found.append({"title": report.title, "address": place})
    return found


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
