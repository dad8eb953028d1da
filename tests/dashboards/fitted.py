"""What the pages ICP and Lost deals read beside the plausible company: fit, committee, stages,
touches, reasons of lost deals.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.dashboards import moved

Rows = list[dict[str, Any]]
MODELS = ("int_icp_breakdown", "int_loss_breakdown")
SEEDS = ("icp/icp_problem", "icp/trigger_event")
UPSTREAM = {
    "int_opportunity_stage_event": moved.UPSTREAM["int_opportunity_stage_event"]
    + ", stage_label varchar, stage_rank bigint",
    "int_touch": "person_id varchar, touched_at timestamp, kind varchar, value varchar",
}
FITS = (("fit", "A"), ("fit", "B"), ("not_fit", None), ("insufficient_data", None))
ROLES = ("economic_buyer", "champion", "technical_evaluator", "user", "unknown")
STAGES = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review")
REASONS = ("price", "no_decision", "competitor", "timing", "No reason given")


def fitted(company: Mapping[str, Rows]) -> dict[str, Rows]:
    """The company's tables with fit and what is known of lost deals."""
    chance = random.Random(13)
    touches: Rows = []
    answered: dict[str, Any] = {}
    for row in company["definitions.mql"]:
        row["icp_fit"], row["icp_tier"] = chance.choices(FITS, [5, 8, 3, 2])[0]
        if row["is_mql"] and chance.random() < 0.8:
            answered[row["episode_id"]] = row["mql_at"] + timedelta(hours=3)
            touches.append(
                {
                    "person_id": row["person_id"],
                    "touched_at": row["mql_at"] - timedelta(days=2),
                    "kind": chance.choice(["form_submission", "campaign_response"]),
                    "value": "Request a demo",
                }
            )
    for row in company["definitions.follow_up"]:
        row["responded_at"] = answered.get(row["episode_id"], row.get("responded_at"))
    for row in company["definitions.opportunity"]:
        row["icp_fit"], row["icp_tier"] = chance.choices(FITS, [6, 8, 2, 1])[0]
        row["committee_roles"] = ",".join(sorted(chance.sample(ROLES, chance.randint(0, 3))))
    for row in company["intermediate.int_opportunity_stage_event"]:
        row["stage_rank"] = chance.randrange(len(STAGES))
        row["stage_label"] = STAGES[row["stage_rank"]]
    for row in company["definitions.win"]:
        is_lost = row["outcome"] == "lost"
        row["loss_reason"] = chance.choices(REASONS, [9, 7, 5, 3, 2])[0] if is_lost else None
        row["competitor"] = chance.choice(["Rivalworks", "Altus Suite", None]) if is_lost else None
    return {**company, "intermediate.int_touch": touches}
