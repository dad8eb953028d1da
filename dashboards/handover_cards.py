"""The cards of the page Handoff. Their numbers are looked up in `handover.py`."""

from __future__ import annotations

from dashboards import handover
from dashboards.kinds import records
from dashboards.report import Card

CARDS = (
    Card(
        "first-touch", "How long until the first touch?",
        "MQLs of the period by business time to the first human answer", "columns",
        figure=lambda data: handover.clock(
            data, "response_time", after="4–8 h", line="promised: 4 h, or 8 h"
        ),
        options={"breakdown": "response_time", "after": "4–8 h",
                 "line": "promised: 4 h, or 8 h"},
        note="Promised: **4 business hours** after a raised hand, **8** for any other MQL. A "
        "business day has 8 hours. Grey: nobody has answered.",
    ),
    Card(
        "reasons", "Why are MQLs turned down?",
        "MQLs rejected, recycled or disqualified in the period, by the reason given", "bars",
        figure=handover.reasons, options={"breakdown": "rejection_reason"},
        note="Grey: **no reason**, or one that no mapping knows. Reasons about fit are a "
        "question of targeting, not of follow-up.",
    ),
    Card(
        "unexplained", "Which were turned down without a reason?",
        "Of the last 90 days; each opens in the CRM, where the reason can be added",
        "records", width="full",
        table=lambda data: records.table(
            data, "rejected_without_reason", most=40, empty="Every rejection has its reason."
        ),
    ),
    Card(
        "marketing-owes", "What does marketing owe sales?",
        "Each duty against its target, by quarter", "rows",
        table=lambda data: handover.duties(data, "marketing"), about="mqls_to_standard",
        note="**The standard**: a complete record, a corporate address, an account known to fit.",
    ),
    Card(
        "sales-owes", "What does sales owe marketing?",
        "Each duty against its target, by quarter", "rows",
        table=lambda data: handover.duties(data, "sales"), about="decided_in_time",
        note="**In time**: within five business days. Overdue without a decision is not in time.",
    ),
    Card(
        "two-clocks", "Where does the time go: routing or working?",
        "Share of MQLs by business time in a queue (routing) and with the one who has them "
        "(working), last 90 days",
        "matrix", grid=handover.two_clocks, width="full", about="routing_minutes",
    ),
    Card(
        "reasons-by-source", "Which reasons does each source bring?",
        "Share of each reason in what a source sent and sales turned down, last 12 months",
        "matrix",
        grid=handover.reasons_by_source, width="full",
    ),
    Card(
        "cohorts", "Do MQLs become opportunities?",
        "Each row is one month of MQLs; share that became an opportunity within so many weeks",
        "matrix", grid=handover.cohorts, width="wide", about="mqls",
        note="Blank: **not all have had the weeks**, so a young month is blank and not low. "
        "Whoever was turned down stays in the month.",
    ),
    Card(
        "curves", "Do newer months convert faster?",
        "Cumulative share of a month's MQLs that became an opportunity", "lines",
        figure=handover.vintage_curves, grid=handover.curves, width="narrow",
        options={"strong": 4}, about="mqls",
        # As high as the table beside it.
        rows=lambda data: max(7, min(14, len(handover.curves(data).rows))),
    ),
    Card(
        "horizon-marketing", "What became of each quarter's MQLs?",
        "Marketing's view: the same MQLs followed until today", "rows",
        table=handover.marketing_view, width="full", about="pipeline_created",
        note="Pipeline comes 30 to 90 days after the MQL: **read a quarter's later columns "
        "before judging it**.",
    ),
    Card(
        "horizon-sales", "Where did each sales quarter come from?",
        "Sales' view: pipeline created in a quarter, by when its MQL was", "rows",
        table=handover.sales_view, width="full", about="pipeline_created",
    ),
    Card(
        "overdue", "Which MQLs wait for a decision?",
        "Overdue since the fifth business day; each opens in the CRM", "records",
        table=lambda data: records.table(data, "overdue_mql", most=40), width="full",
    ),
)  # fmt: skip
