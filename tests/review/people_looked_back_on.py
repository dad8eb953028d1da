"""A release in small for what looks back: whom sales talked with, its decision, what came of it."""

from datetime import datetime, timedelta

import duckdb

from review.backtest import cohort as cohorts
from review.backtest import report
from review.backtest.cohort import quarter_end
from review.backtest.rule import Rule

AS_OF = datetime(2026, 6, 30, 12)
NOW = Rule("rule in force", 50, 30, 3)
TABLES = {
    "intermediate.int_signal": "person_id varchar, signal_at timestamp, "
    "signal varchar, points bigint, is_hand_raise boolean, campaign_id varchar",
    "intermediate.int_status_event": "person_id varchar, event_at timestamp, kind varchar, "
    "sequence bigint, is_by_person boolean, is_created_in_stage boolean, is_left_censored boolean",
    "intermediate.int_sales_touch": "person_id varchar, touched_at timestamp, kind varchar, "
    "is_human boolean, is_by_prospect boolean",
    "intermediate.int_person_account": "person_id varchar, account_id varchar, "
    "valid_from timestamp, valid_to timestamp",
    "intermediate.int_person_exclusion": "person_id varchar, reason varchar",
    "intermediate.int_opportunity_role": "opportunity_id varchar, person_id varchar",
    "definitions.icp": "account_id varchar, valid_from timestamp, valid_to timestamp, fit varchar",
    "definitions.lead": "person_id varchar, deleted_at timestamp, exclusion_reason varchar",
    "definitions.mql": "person_id varchar, mql_at timestamp",
    "definitions.opportunity": "opportunity_id varchar, is_pipeline boolean, "
    "pipeline_at timestamp, amount_reporting decimal(28, 6)",
    "definitions.win": "opportunity_id varchar, outcome varchar, closed_at timestamp",
    "definitions.follow_up": "episode_id varchar, mql_at timestamp, status varchar, "
    "responded_at timestamp",
    "marts.run": "as_of timestamp",
}


class Company:
    """A release in small: people with signals, a conversation, a decision and perhaps a deal."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("attach ':memory:' as release")
        for schema in ("intermediate", "definitions", "marts"):
            self.con.execute(f"create schema release.{schema}")
        for table, columns in TABLES.items():
            self.con.execute(f"create table release.{table} ({columns})")
        self.add("marts.run", AS_OF)
        self.people = 0

    def add(self, table, *values):
        marks = ", ".join("?" * len(values))
        self.con.execute(f"insert into release.{table} values ({marks})", list(values))

    def person(self, talked_at, decision, points=0, *, before_days=5.0, handed_over=False,
               is_deleted=False, won_after=None, pipeline=None, customer_now=False):  # fmt: skip
        """One person; a positive `before_days` puts the signal before the conversation."""
        self.people += 1
        name = f"p{self.people}"
        excluded = "existing_customer" if customer_now else None
        self.add("definitions.lead", name, AS_OF if is_deleted else None, excluded)
        self.add("intermediate.int_sales_touch", name, talked_at, "call", True, False)
        decided_at = talked_at + timedelta(days=1)
        if decision:
            self.add("intermediate.int_status_event", name, decided_at, decision, self.people,
                     True, False, False)  # fmt: skip
        if points:
            at = talked_at - timedelta(days=before_days)
            self.add("intermediate.int_signal", name, at, "Whitepaper", points,
                     False, None)  # fmt: skip
        if handed_over:
            self.add("definitions.mql", name, talked_at - timedelta(days=1))
        if pipeline is not None:
            deal = f"o{self.people}"
            self.add("intermediate.int_opportunity_role", deal, name)
            self.add("definitions.opportunity", deal, True, talked_at + timedelta(days=3), pipeline)
            outcome, closed = ("open", None)
            if won_after is not None:
                outcome, closed = "won", talked_at + timedelta(days=won_after)
            self.add("definitions.win", deal, outcome, closed)
        return name

    def cohort(self, horizon_days=180):
        self.con.execute(
            "create or replace temp table signals as from release.intermediate.int_signal"
        )
        return cohorts.build(self.con, NOW, horizon_days)

    def naive(self, sql):
        return self.con.execute(sql).fetchall()[0][0]

    def report(self, candidate=None):
        found = report.report(self.con, self.cohort(), NOW, candidate)
        found["release"] = "run"
        return found


def talk(quarter, day=10):
    """A conversation in a quarter."""
    return quarter_end(quarter) - timedelta(days=80 - day)
