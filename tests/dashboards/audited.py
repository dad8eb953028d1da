"""What the definition audit reads beside the plausible company: claims of both systems, and a bit
of each list that it shows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.dashboards.company import AS_OF, FIRST_DAY

Rows = list[dict[str, Any]]
# Definition, system, object, chance that an MQL is counted, chance that another attempt is.
CLAIMS = (
    ("hubspot_lifecycle", "hubspot", "contacts", 0.9, 0.1),
    ("salesforce_status", "salesforce", "Lead", 0.6, 0.05),
)
UPSTREAM = {
    "int_opportunity": "opportunity_id varchar, close_date date, raw_source_now varchar, "
    "created_at timestamp",
    "int_opportunity_source": "opportunity_id varchar, system varchar, source varchar, "
    "raw_source varchar, is_drifted boolean",
    "int_competing_claim": "definition varchar, system varchar, object varchar, "
    "record_id varchar, person_id varchar, claimed_at timestamp, claimed_on date, "
    "is_date_known boolean",
    "int_value_use": "mapping varchar, system varchar, object varchar, field varchar, "
    "value varchar, means varchar, records bigint, recent_changes bigint, last_seen_at timestamp",
    "int_missing_field": "place bigint, subject varchar, lacks varchar, records bigint, "
    "missing bigint, recent_records bigint, recent_missing bigint",
    "int_system_pair": "person_id varchar, hubspot_records bigint, salesforce_records bigint, "
    "lifecycle_stage varchar, hubspot_status varchar, salesforce_status varchar, "
    "hubspot_kind varchar, salesforce_kind varchar, hubspot_source varchar, "
    "salesforce_source varchar, hubspot_source_means varchar, salesforce_source_means varchar",
    "int_history_start": "system varchar, object varchar, field varchar, record_id varchar, "
    "created_at timestamp, known_from timestamp, is_late boolean",
}


def audited(company: Mapping[str, Rows]) -> dict[str, Rows]:
    """The company's tables with those of the audit."""
    chance = random.Random(11)
    claims: Rows = []
    records: Rows = []
    for number, row in enumerate(company["definitions.mql"]):
        for name, system, kind, hit, miss in CLAIMS:
            record = {"system": system, "object": kind, "record_id": f"{kind[0]}{number}"}
            records.append({**record, "person_id": row["person_id"], "is_survivor": True,
                            "speaks": False})  # fmt: skip
            if chance.random() > (hit if row["is_mql"] else miss):
                continue
            at = (row["mql_at"] or row["opened_at"]) + timedelta(days=chance.expovariate(1 / 4))
            claim = {
                **record,
                "person_id": row["person_id"],
                "claimed_at": at,
                "claimed_on": at.date(),
                "is_date_known": chance.random() < 0.97,
            }
            claims += [{"definition": name, **claim}, {"definition": "naive_union", **claim}]
    for number, row in enumerate(company["intermediate.int_person_source"]):
        row["is_drifted"] = number % 400 == 0
        row["said_by"], row["raw_source_now"] = "hubspot", "PAID_SOCIAL"
    return {
        **company,
        "definitions.person_record": [*company["definitions.person_record"], *records],
        "intermediate.int_competing_claim": claims,
        **lists(),
    }


def lists() -> dict[str, Rows]:
    """A little of everything that is listed."""
    status = ("lead_status", "salesforce", "Lead", "Status")
    stage = ("lifecycle_stage", "hubspot", "contacts", "lifecyclestage")
    used = [
        (*status, "Working - Contacted", "accepted", 300),
        (*status, "Parked", "not mapped", 12),
        (*stage, "lead", None, 900),
    ]
    names = ("mapping", "system", "object", "field", "value", "means", "records")
    return {
        "intermediate.int_value_use": [
            {
                **dict(zip(names, row, strict=True)),
                "recent_changes": row[-1] // 10,
                "last_seen_at": AS_OF,
            }
            for row in used
        ],
        "intermediate.int_missing_field": [
            {
                "place": 1,
                "subject": "Salesforce leads",
                "lacks": "industry",
                "records": 900,
                "missing": 90,
                "recent_records": 80,
                "recent_missing": 8,
            }
        ],
        "intermediate.int_system_pair": [
            {
                "person_id": f"p{number}",
                "hubspot_records": 1,
                "salesforce_records": 1,
                "lifecycle_stage": "lead",
                "hubspot_status": None if number % 3 else "NEW",
                "salesforce_status": "Parked",
                "hubspot_source": "DIRECT",
            }
            for number in range(30)
        ],
        "intermediate.int_history_start": [
            {
                "system": "salesforce",
                "object": "Lead",
                "field": "Status",
                "record_id": f"L{number}",
                "created_at": FIRST_DAY,
                "known_from": FIRST_DAY,
                "is_late": number < 3,
            }
            for number in range(40)
        ],
    }
