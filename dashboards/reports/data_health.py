"""Data health: is each source fresh, complete and tested?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboards.audit_section import sentence
from dashboards.breakdowns import humane
from dashboards.glossary import Check
from dashboards.report import Report
from dashboards.source_data import PageData

# dbt's words, in the order of how bad they are.
BAD = ("error", "fail", "warn", "skipped", "not run", "pass")


def content(data: PageData) -> Mapping[str, Any]:
    """Freshness, tests, volumes, what is unmapped, unreadable or left out."""
    streams = data.rows("select * from marts.stream_freshness order by source desc, stream")
    tables = [
        {
            "name": name,
            "title": definition.title,
            "records": data.rows(f"select count(*) as records from definitions.{name}")[0][
                "records"
            ],
        }
        for name, definition in sorted(
            data.glossary.definitions.items(), key=lambda item: item[1].title.casefold()
        )
    ]
    casts = data.rows("select * from marts.cast_failure order by failures desc, staged_table")
    return {
        **tests(data.glossary.checks),
        "sources": [
            ("Salesforce", "salesforce", data.run["salesforce_watermark"]),
            ("HubSpot", "hubspot", data.run["hubspot_watermark"]),
        ],
        "streams": streams,
        "denied": [row for row in streams if row["status"] == "not_permitted"],
        "tables": tables,
        "unmapped": data.rows(
            "select * from marts.unmapped_value order by mapping, records desc, value limit 200"
        ),
        "currencies": data.rows("select * from marts.currency_without_rate order by currency"),
        "casts": [row for row in casts if row["failures"]],
        "staged": sum(row["records"] for row in casts),
        "excluded": [
            {**row, "reason": sentence(humane(row["reason"]))}
            for row in data.rows(
                "select * from marts.exclusion_ledger order by subject desc, records desc, reason"
            )
        ],
    }


def tests(checks: Iterable[Check]) -> Mapping[str, Any]:
    """What the build's tests said; those that it did not run (the agreed cases) stand apart."""
    by_status: dict[str, list[Check]] = {status: [] for status in BAD}
    for check in checks:
        by_status["pass" if check.status == "success" else check.status].append(check)
    return {
        "by_status": by_status,
        "ran": sum(len(by_status[status]) for status in BAD if status != "not run"),
        "concerns": [check for status in BAD[:4] for check in by_status[status]],
    }


REPORT = Report(
    slug="data-health",
    title="Data health",
    question="Is each source fresh, complete and tested?",
    intro="What was read, what could not be understood, and what was left out on purpose. "
    "Ages are those of this moment, not of the build.",
    order=95,
    has_filters=False,
    template="data_health.html",
    content=content,
)
