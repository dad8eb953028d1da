"""What the pages about the hand-over and the week read beside the plausible company: conversations
with notes, whether each MQL met the standard, and how fast it was answered.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.dashboards.company import AS_OF, FIRST_DAY

Rows = list[dict[str, Any]]
SEEDS = (
    "feedback/objection",
    "feedback/competitor_claim",
    "feedback/content_for_objection",
    "feedback/claim_answer",
    "feedback/marketing_response",
    "calendar/response_bin",
)
NOTE = (
    "touch_id varchar, person_id varchar, kind varchar, held_at timestamp, held_on date, "
    "week_start date, objection varchar, criterion varchar, competitor varchar, claim varchar, "
    "is_countered boolean, content varchar"
)
UPSTREAM = {
    "int_campaign": "campaign_id varchar, campaign_name varchar, campaign_type varchar",
    "int_conversation": f"{NOTE}, opportunity_id varchar, outcome varchar",
    "int_conversation_note": NOTE,
}
MODELS = (
    "int_calendar_day",
    "int_week",
    "int_feedback_note",
    "int_obligation_fact",
    "int_mql_progress",
    "int_handoff_breakdown",
)
OBJECTIONS = ("Price", "Security", "Timing", "Integration", "unmapped")
CONTENT = ("ROI calculator", "Security whitepaper", "Pricing sheet")
CLAIMS = (("Rivalworks", "Live in a day"), ("Northgrid", "Half the price"))
CRITERIA = ("Fewer than 50 employees", "No budget this year", None, None)


def feedback(company: Mapping[str, Rows]) -> dict[str, Rows]:
    """The company's tables with what sales noted; it changes what the company already has."""
    chance = random.Random(13)
    outcomes = {row["opportunity_id"]: row["outcome"] for row in company["definitions.win"]}
    for row in company["definitions.follow_up"]:
        minutes = round(chance.lognormvariate(4.4, 1.1))
        answered = row["status"] == "met" or (row["status"] == "breached" and chance.random() < 0.6)
        routing = round(minutes * chance.random())
        row["responded_at"] = row["mql_at"] + timedelta(minutes=minutes) if answered else None
        row["business_minutes"] = minutes if answered else None
        row["routing_minutes"] = routing if answered or chance.random() < 0.8 else None
        row["working_minutes"] = minutes - routing if answered else None
    for row in company["definitions.rejection"]:
        row["criterion"] = chance.choice(CRITERIA)
        if chance.random() < 0.5:
            row["reason"] = chance.choice(["not_icp", "no_budget", "No reason given"])
    for row in company["definitions.sal"]:
        row["decision_due_at"] = row["mql_at"] + timedelta(days=7)
        row["decided_at"] = (
            row["mql_at"] + timedelta(days=chance.random() * 9)
            if row["outcome"] in ("accepted", "rejected", "recycled", "disqualified")
            else None
        )
    conversations = [
        conversation(chance, number, outcomes, company["definitions.opportunity"])
        for number in range(2_500)
    ]
    noted = [column.split()[0] for column in NOTE.split(", ")]
    return {
        **company,
        "definitions.sal_standard": [
            {
                "episode_id": row["episode_id"],
                "person_id": row["person_id"],
                "mql_at": row["mql_at"],
                "is_complete": (complete := chance.random() < 0.75),
                "meets_standard": complete and chance.random() < 0.9,
            }
            for row in company["definitions.follow_up"]
        ],
        "intermediate.int_conversation": conversations,
        "intermediate.int_conversation_note": [
            {name: row.get(name) for name in noted} for row in conversations
        ],
    }


def conversation(
    chance: random.Random, number: int, outcomes: Mapping[str, str], deals: Rows
) -> dict[str, Any]:
    """One conversation, with whatever was noted about it."""
    held_at = FIRST_DAY + timedelta(days=(AS_OF - FIRST_DAY).days * chance.random() ** 0.7)
    deal = chance.choice(deals)["opportunity_id"] if deals and chance.random() < 0.6 else None
    says = chance.choice(CLAIMS) if chance.random() < 0.2 else (None, None)
    return {
        "touch_id": f"t{number}",
        "person_id": "p1",
        "opportunity_id": deal,
        "kind": "call",
        "held_at": held_at,
        "held_on": held_at.date(),
        "week_start": held_at.date() - timedelta(days=held_at.weekday()),
        "outcome": outcomes.get(deal or ""),
        "objection": chance.choice(OBJECTIONS) if chance.random() < 0.6 else None,
        "competitor": says[0],
        "claim": says[1],
        "is_countered": chance.random() < 0.4 if says[0] else None,
        "content": chance.choice(CONTENT) if chance.random() < 0.4 else None,
    }
