"""Data health: is each source fresh, complete and tested?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.report import Report
from dashboards.source_data import PageData

# dbt's words, in the order of how bad they are.
BAD = ("error", "fail", "warn", "skipped", "not run", "pass")


def content(data: PageData) -> Mapping[str, Any]:
    """Freshness, tests, volumes, what is unmapped, unreadable or left out."""
    checks = data.glossary.checks
    by_status = {status: [c for c in checks if c.status == status] for status in BAD}
    by_status["pass"] += [c for c in checks if c.status == "success"]
    streams = data.rows("select * from marts.stream_freshness order by source desc, stream")
    tables = [
        {
            "name": name,
            "records": data.rows(f"select count(*) as records from definitions.{name}")[0][
                "records"
            ],
        }
        for name in data.glossary.definitions
    ]
    casts = data.rows("select * from marts.cast_failure order by failures desc, staged_table")
    return {
        "by_status": by_status,
        "ran": sum(check.status != "not run" for check in checks),
        "concerns": [c for status in BAD[:4] for c in by_status[status]],
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
        "casts": [row for row in casts if row["failures"]],
        "staged": sum(row["records"] for row in casts),
        "excluded": data.rows(
            "select * from marts.exclusion_ledger order by subject desc, records desc, reason"
        ),
    }


REPORT = Report(
    slug="data-health",
    title="Data health",
    question="Is each source fresh, complete and tested?",
    intro="What was read, what could not be understood, and what was left out on purpose. "
    "Ages are those of this moment, not of the build.",
    order=91,
    has_filters=False,
    template="data_health.html",
    content=content,
)
