"""Definition audit: where do the systems disagree?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import audit
from dashboards.audit_section import Section, grouped
from dashboards.cards import DEFAULT_PERIOD
from dashboards.report import Report
from dashboards.source_data import PageData

# What a reader sees of a long list; the command line gives all.
MOST_ROWS = 12
# Fields that stand open: statuses and stages.
OPEN_VALUES = 4


def content(data: PageData) -> Mapping[str, Any]:
    """Counts and reasons of each period, the usual one first; then what holds for all."""
    periods = sorted(audit.periods(data.rows), key=lambda row: row["period"] != DEFAULT_PERIOD)
    shown = [in_period(data, period) for period in periods]
    return {
        "first": shown[0],
        "periods": shown,
        "sections": audit.sections(data.rows, DEFAULT_PERIOD)[2:],
        "grouped": grouped,
        "most": MOST_ROWS,
        "open_values": OPEN_VALUES,
        "widest": widest(shown[0]["counts"]),
    }


def in_period(data: PageData, period: Mapping[str, Any]) -> dict[str, Any]:
    """A period with its counts, reasons and the counts in one sentence."""
    counts = audit.counts(data.rows, period["period"])
    reasons = audit.reasons(data.rows, period["period"])
    return {**period, "counts": counts, "reasons": reasons, "summary": audit.summary(counts)}


def widest(counts: Section) -> Mapping[str, Any] | None:
    """The definition that is farthest from the shared one."""
    used = [row for row in counts.rows if row["gap"]]
    return max(used, key=lambda row: abs(row["gap"]), default=None)


REPORT = Report(
    slug="audit",
    title="Audit",
    question="Where do the systems disagree?",
    intro="Where two teams begin: what each system would say by itself, and why. No record is a "
    "mistake of somebody; every difference has one reason, and the reasons add up.",
    order=92,
    has_filters=False,
    template="audit.html",
    content=content,
)
