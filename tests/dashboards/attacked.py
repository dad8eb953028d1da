"""What an attacker could have typed into a form or a field of a CRM, in every text that may reach a
page: sources, campaigns, segments, regions, reasons, competitors, objections, stages, channels, raw
values, owners.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Rows = list[dict[str, Any]]
HOSTILE = [
    "<script>window.hit=1</script>",
    '<a href="https://attacker.example/%zz">Organic search</a>',
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    '<span style="background:url(https://attacker.example/pixel)">Paid</span>',
    '=HYPERLINK("https://attacker.example","Click")',
    "\uff1dcmd|' /C calc'!A0",
    "@SUM(1+1)",
    "javascript:window.hit=1",
    "${window.hit=1}{{7*7}}%{x}",
    "\u202egnp.exe \x00 \u2028 zero\u200bwidth",
    "A" * 20_000,
    "<style>body{display:none}</style>",
    '<link rel="stylesheet" href="https://attacker.example/x.css">',
    '<svg onload="window.hit=1"><use href="https://attacker.example/#x"/></svg>',
    "+1+cmd|' /C calc'!A0",
    "\t-2+3",
    "| @everyone ![](https://attacker.example/a.png) [Click](https://attacker.example) `x",
    "&lt;img src=x onerror=window.hit=1&gt;&#60;script&#62;",
]
# A page has twelve sources; the others come as campaigns.
SOURCES, CAMPAIGNS = HOSTILE[:12], HOSTILE[9:]
NOTED = ("objection", "criterion", "competitor", "claim", "content")
FIELDS = {
    "definitions.rejection": ("reason", "raw_reason", "criterion"),
    "definitions.win": ("loss_reason", "competitor"),
    "definitions.lead": ("exclusion_reason",),
    "definitions.pipeline_influence": ("channel",),
    "intermediate.int_conversation": NOTED,
    "intermediate.int_conversation_note": NOTED,
    "intermediate.int_opportunity_stage_event": ("stage_label",),
    "intermediate.int_opportunity_touch": ("channel",),
    "intermediate.int_person_source": ("raw_source", "raw_source_now"),
    "intermediate.int_missing_field": ("subject", "lacks"),
    "intermediate.int_system_pair": (
        "lifecycle_stage", "hubspot_status", "salesforce_status", "hubspot_source",
    ),
    "intermediate.int_touch": ("value",),
    "intermediate.int_value_use": ("value",),
}  # fmt: skip
PLACES = {
    "SMB": HOSTILE[0], "Enterprise": HOSTILE[12], "Europe": HOSTILE[14], "Asia Pacific": HOSTILE[5],
}  # fmt: skip


def attacked(company: Mapping[str, Rows]) -> dict[str, Rows]:
    """The company's tables with hostile text wherever a CRM gives text; what is empty stays so."""
    found = {table: list(rows) for table, rows in company.items()}
    for offset, (table, columns) in enumerate(FIELDS.items()):
        for column in columns:
            given = [row for row in found.get(table, []) if row.get(column) is not None]
            for number, row in enumerate(given):
                # Few at the top, so that they rank apart; all of them somewhere.
                row[column] = HOSTILE[(number % (number % 19 + 1) + offset * 3) % len(HOSTILE)]
    for rows in found.values():
        for row in rows:
            for name in ("segment", "region"):
                row.update({name: PLACES[row[name]]} if row.get(name) in PLACES else {})
    # As many statuses that no mapping knows as there are values: Data health lists them all.
    events = found["intermediate.int_status_event"]
    unmapped = next(row for row in events if row["kind"] == "unmapped")
    found["intermediate.int_status_event"] = [
        *events,
        *({**unmapped, "raw_status": value, "sequence": n} for n, value in enumerate(HOSTILE)),
    ]
    return found
