"""A plausible company as the marts read it: definition tables and the few columns upstream of them.

Seeded: the same tables each time. `hostile` adds sources and campaigns that an attacker could have
typed into a web form.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from tests.dashboards import attacked

AS_OF = datetime(2026, 6, 30, 12)
FIRST_DAY = datetime(2024, 7, 1)
# source, channel, team, weight, chance that an opportunity is won
SOURCES = [
    ("Organic search", "Organic search", "marketing", 22, 0.31),
    ("Paid search", "Paid media", "marketing", 16, 0.22),
    ("Events", "Events", "marketing", 9, 0.24),
    ("Email", "Email", "marketing", 8, 0.27),
    ("Organic social", "Social", "marketing", 7, 0.20),
    ("Direct", "Direct", "marketing", 6, 0.29),
    ("Outbound", "Outbound", "sales", 14, 0.17),
    ("Account team", "Outbound", "sales", 5, 0.42),
    ("Partner", "Partner", "partner", 7, 0.43),
    ("Unknown", "Unknown", "unknown", 4, 0.2),
    ("Not recorded", "Not recorded", "unknown", 1, 0.1),
]
# The last two are ids that no CRM gives.
RECORDS = [
    *[("salesforce", "00Q{:012d}")] * 8,
    *[("hubspot", "90{:05d}")] * 2,
    ("salesforce", '00Q{}" onclick=x'),
    ("hubspot", "../{}"),
]
SEGMENTS = ["SMB", "Mid-market", "Enterprise", None]
REGIONS = ["North America", "Europe", "Asia Pacific", None]


def rows(people: int = 3_000, *, hostile: bool = False, seed: int = 7) -> dict[str, list[dict]]:
    """All tables that the marts read, by `schema.table`."""
    chance = random.Random(seed)
    sources = list(SOURCES)
    if hostile:
        sources = [(name, name, "marketing", 6, 0.3) for name in attacked.SOURCES]
    campaigns = attacked.CAMPAIGNS if hostile else [f"Campaign {number}" for number in range(1, 15)]
    weights = [source[3] for source in sources]
    days = (AS_OF - FIRST_DAY).days
    found: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "definitions.lead",
            "definitions.person_record",
            "definitions.icp",
            "definitions.mql",
            "definitions.sal",
            "definitions.rejection",
            "definitions.follow_up",
            "definitions.opportunity",
            "definitions.pipeline_source",
            "definitions.win",
            "intermediate.int_opportunity_role",
            "intermediate.int_person_source",
            "intermediate.int_status_event",
            "intermediate.int_campaign_breakdown",
            "intermediate.int_opportunity_progress",
        )
    }
    for number in range(people):
        source, channel, team, _, win_chance = chance.choices(sources, weights)[0]
        known = FIRST_DAY + timedelta(days=days * chance.random() ** 0.8, hours=chance.random())
        segment = chance.choices(SEGMENTS, [5, 3, 2, 1])[0]
        region = chance.choices(REGIONS, [5, 4, 2, 1])[0]
        person, account, episode = f"p{number}", f"a{number}", f"e{number}"
        found["definitions.lead"].append(
            {
                "person_id": person,
                "first_known_at": known,
                "email_domain": None,
                "account_id": account,
                "first_source": source,
                "first_channel": channel,
                "exclusion_reason": "competitor" if chance.random() < 0.01 else None,
            }
        )
        system, record = RECORDS[number % len(RECORDS)]
        found["definitions.person_record"].append(
            {
                "system": system,
                "object": "Lead" if system == "salesforce" else "contacts",
                "record_id": record.format(number),
                "person_id": person,
                "is_survivor": False,
                "speaks": True,
            }
        )
        found["definitions.icp"].append(
            {
                "account_id": account,
                "valid_from": known,
                "segment": segment,
                "region": region,
                "c_industry": chance.choice([True, True, False, None]),
                "c_employees": True,
                "c_region": region != "Asia Pacific",
                "c_revenue": True,
                "c_disqualified": True,
            }
        )
        found["intermediate.int_person_source"].append(
            {
                "person_id": person,
                "source": source,
                "raw_source": source,
                "team": team,
                "first_sourced_at": known,
            }
        )
        is_mql = chance.random() < 0.45
        mql_at = known + timedelta(days=chance.expovariate(1 / 9))
        is_mql = is_mql and mql_at < AS_OF
        found["definitions.mql"].append(
            {
                "episode_id": episode,
                "person_id": person,
                "attempt": 1,
                "opened_at": known,
                "c_icp_fit": chance.random() < 0.8 or is_mql,
                "c_engaged": is_mql,
                "c_hand_raised": is_mql and chance.random() < 0.3,
                "c_not_customer": True,
                "c_no_open_opportunity": True,
                "c_not_excluded": True,
                "score": 55 if is_mql else 15,
                "is_mql": is_mql,
                "mql_at": mql_at if is_mql else None,
                "source": source,
                "channel": channel,
                "team": team,
                "account_id": account,
                "segment": segment,
                "region": region,
                "closed_at": None if chance.random() < 0.3 else mql_at,
            }
        )
        if not is_mql:
            continue
        outcome = chance.choices(
            ["accepted", "rejected", "recycled", "disqualified", "overdue", "pending"],
            [60, 20, 8, 4, 3, 5] if mql_at < AS_OF - timedelta(days=8) else [3, 1, 1, 0, 0, 9],
        )[0]
        accepted_at = mql_at + timedelta(days=chance.random() * 3)
        found["definitions.sal"].append(
            {
                "episode_id": episode,
                "person_id": person,
                "mql_at": mql_at,
                "outcome": outcome,
                "is_sal": outcome == "accepted",
                "c_owned_by_person": chance.random() < 0.95,
                "c_accepted_status": outcome == "accepted",
                "accepted_at": accepted_at if outcome == "accepted" else None,
            }
        )
        kept = ["met", "breached"] if mql_at < AS_OF - timedelta(days=2) else ["pending"]
        found["definitions.follow_up"].append(
            {
                "episode_id": episode,
                "person_id": person,
                "mql_at": mql_at,
                "status": chance.choices(kept, [4, 1][: len(kept)])[0],
            }
        )
        if outcome in ("rejected", "recycled", "disqualified"):
            unmapped = chance.random() < 0.03
            found["definitions.rejection"].append(
                {
                    "episode_id": episode,
                    "person_id": person,
                    "decided_at": accepted_at,
                    "kind": outcome,
                    "reason": "unmapped" if unmapped else "no_response",
                    "raw_reason": "Ghosted us" if unmapped else "No Response",
                }
            )
        pipeline_at = accepted_at + timedelta(days=chance.expovariate(1 / 12))
        if outcome != "accepted" or chance.random() > 0.42 or pipeline_at > AS_OF:
            continue
        opportunity = f"006{number:012d}"
        missing = chance.random() < 0.03
        amount = None if missing else round(chance.lognormvariate(10.6, 0.7), 2)
        cycle = chance.lognormvariate(3.9, 0.5)
        closed_at = pipeline_at + timedelta(days=cycle)
        result = "won" if chance.random() < win_chance else "lost"
        if closed_at > AS_OF:
            result, closed_at = "open", None
        found["definitions.opportunity"].append(
            {
                "opportunity_id": opportunity,
                "system": "salesforce",
                "account_id": account,
                "episode_id": episode,
                "created_at": accepted_at,
                "c_new_business": True,
                "c_not_removed": True,
                "c_accepted_stage": True,
                "c_not_excluded": True,
                "is_pipeline": True,
                "pipeline_at": pipeline_at,
                "amount_reporting": amount,
                "is_amount_missing": missing,
                "segment": segment,
                "region": region,
            }
        )
        campaign = chance.choice(campaigns) if chance.random() < 0.5 else "No campaign"
        fact = {"subject_id": opportunity, "category": campaign, "segment": segment,
                "region": region, "source": source, "numerator": amount or 0}  # fmt: skip
        found["intermediate.int_campaign_breakdown"].append(
            {**fact, "breakdown": "campaign_pipeline", "occurred_on": pipeline_at.date()}
        )
        if result == "won":
            found["intermediate.int_campaign_breakdown"].append(
                {**fact, "breakdown": "campaign_won", "occurred_on": closed_at.date()}
            )
        found["definitions.pipeline_source"].append(
            {
                "opportunity_id": opportunity,
                "source": source,
                "channel": channel,
                "team": team,
                "rule": "episode",
                "amount": amount,
                "pipeline_at": pipeline_at,
            }
        )
        found["intermediate.int_opportunity_progress"].append(
            {
                "opportunity_id": opportunity,
                "entered_at": pipeline_at,
                "is_open": result == "open",
            }
        )
        found["definitions.win"].append(
            {
                "opportunity_id": opportunity,
                "outcome": result,
                "closed_at": closed_at,
                "cycle_days": round(cycle) if result == "won" else None,
                "days_from_mql": (closed_at - mql_at).days
                if result == "won" and closed_at
                else None,
                "amount_reporting": amount,
            }
        )
        found["intermediate.int_opportunity_role"].append(
            {
                "opportunity_id": opportunity,
                "person_id": person,
                "link": "converted_lead",
            }
        )
    found["intermediate.int_status_event"] = [
        {
            "person_id": "p1",
            "event_at": AS_OF - timedelta(days=4 + n),
            "kind": kind,
            "raw_status": status,
            "sequence": n,
        }
        for n, (kind, status) in enumerate(
            [("unmapped", "Parked - call in Q4"), ("open", "Open - Not Contacted")] * 3
        )
    ]
    return found
