"""What pipeline movement and attribution read of a company's deals: stages, amounts, close dates,
touches; added to the tables of `company.py`.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from tests.dashboards.company import AS_OF

MODELS = ("int_pipeline_movement_step",)
UPSTREAM = {
    "int_opportunity_stage_event": "opportunity_id varchar, sequence bigint, kind varchar, "
    "entered_at timestamp, left_at timestamp, is_reopening boolean",
    "int_opportunity_amount_event": "opportunity_id varchar, sequence bigint, "
    "amount numeric(28, 6), currency varchar, changed_at timestamp, changed_until timestamp",
    "int_opportunity_close_date": "opportunity_id varchar, sequence bigint, "
    "given_from timestamp, given_until timestamp, close_date date",
    "int_currency_rate": "currency varchar, valid_from date, valid_to date, rate numeric(28, 6)",
    "int_opportunity_touch": "opportunity_id varchar, touch_id varchar, touched_at timestamp, "
    "team varchar, channel varchar",
}
ALWAYS = datetime(1, 1, 1)
CHANNELS = (("marketing", "Website"), ("marketing", "Email"), ("sales", "Sales"))


def moved(company: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The company with what became of its deals by time; seeded, and leaving its own chances."""
    chance = random.Random(5)
    outcomes = {row["opportunity_id"]: row for row in company["definitions.win"]}
    found: dict[str, list[dict[str, Any]]] = {
        **{f"intermediate.{name}": [] for name in ("int_opportunity", *UPSTREAM)},
        "definitions.pipeline_influence": [],
        "intermediate.int_currency_rate": [
            {"currency": "USD", "valid_from": AS_OF.date().replace(year=2000),
             "valid_to": AS_OF.date().replace(year=2100), "rate": 1.0}
        ],
    }  # fmt: skip

    def add(table: str, **row: Any) -> None:
        found[f"intermediate.{table}"].append(row)

    for deal in company["definitions.opportunity"]:
        name, entered, amount = (
            deal["opportunity_id"], deal["pipeline_at"], deal["amount_reporting"],
        )  # fmt: skip
        closed = outcomes[name]["closed_at"]
        deal.update(accepted_stage_at=entered, currency="USD", is_rate_missing=False,
                    amount_stamped_at=entered if amount else None)  # fmt: skip
        due = (closed or entered + timedelta(days=60)).date()
        add("int_opportunity", opportunity_id=name, close_date=due)
        moved_at, before = None, due
        if chance.random() < 0.3:
            moved_at = entered + timedelta(days=9)
            before = due - timedelta(days=chance.choice((-80, 40, 80)))
            add("int_opportunity_close_date", opportunity_id=name, sequence=2,
                given_from=moved_at, given_until=None, close_date=due)  # fmt: skip
        add("int_opportunity_close_date", opportunity_id=name, sequence=1,
            given_from=ALWAYS, given_until=moved_at, close_date=before)  # fmt: skip
        add("int_opportunity_stage_event", opportunity_id=name, sequence=1, kind="accepted",
            entered_at=entered, left_at=closed, is_reopening=False)  # fmt: skip
        if closed:
            add("int_opportunity_stage_event", opportunity_id=name, sequence=2,
                kind=outcomes[name]["outcome"], entered_at=closed, left_at=None,
                is_reopening=False)  # fmt: skip
        if amount:
            add("int_opportunity_amount_event", opportunity_id=name, sequence=1, amount=amount,
                currency="USD", changed_at=entered, changed_until=None)  # fmt: skip
        elif name.endswith(("1", "4", "7")):
            # An amount it has, but in a currency of which nobody gave a rate.
            deal.update(currency="CHF", is_amount_missing=False, is_rate_missing=True)
            add("int_opportunity_amount_event", opportunity_id=name, sequence=1, amount=9_000,
                currency="CHF", changed_at=entered, changed_until=None)  # fmt: skip
        for touch in range(chance.randrange(4)):
            team, channel = chance.choice(CHANNELS)
            at = entered - timedelta(days=chance.randrange(1, 200))
            add("int_opportunity_touch", opportunity_id=name, touch_id=f"{name}-{touch}",
                touched_at=at, team=team, channel=channel)  # fmt: skip
            found["definitions.pipeline_influence"].append(
                {"opportunity_id": name, "team": team, "channel": channel, "kind": "influenced",
                 "first_touch_at": at, "last_touch_at": at, "touches": 1}
            )  # fmt: skip
    return {**company, **found}
