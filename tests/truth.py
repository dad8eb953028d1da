"""Compare the shared definitions with what really happened in the simulated company."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from connectors.sandbox.company.truth import Row, Truth
from tests.warehouse import rows

EPISODES = """
    select mql.person_id, mql.attempt, mql.opened_at, mql.closed_at, mql.closed_by, mql.is_mql,
        mql.mql_at, mql.mql_trigger, mql.source, mql.team
    from definitions.mql
"""
ACCEPTANCES = """
    select mql.person_id, mql.attempt, sal.mql_at, sal.outcome, sal.assigned_at, sal.accepted_at,
        sal.decided_at, sal.owner_id
    from definitions.sal inner join definitions.mql using (episode_id)
"""
REJECTIONS = """
    select mql.person_id, mql.attempt, rejection.decided_at, rejection.kind, rejection.reason,
        rejection.raw_reason, rejection.revisit_on, rejection.is_after_acceptance
    from definitions.rejection inner join definitions.mql using (episode_id)
"""
FOLLOW_UPS = """
    select mql.person_id, mql.attempt, follow_up.due_at, follow_up.responded_at,
        follow_up.routing_minutes, follow_up.working_minutes, follow_up.business_minutes,
        follow_up.status
    from definitions.follow_up inner join definitions.mql using (episode_id)
"""
OPPORTUNITIES = """
    select opportunity.* exclude (account_id, episode_id), win.outcome, win.closed_at,
        win.is_reopened, win.loss_reason, win.competitor, win.amount_reporting as amount_at_end,
        mql.person_id, mql.attempt,
        pipeline_source.source, pipeline_source.team, pipeline_source.rule
    from definitions.opportunity
    inner join definitions.win using (opportunity_id)
    left join definitions.mql on opportunity.episode_id = mql.episode_id
    left join definitions.pipeline_source using (opportunity_id)
"""
# What nobody can know of a deal that began before field history was switched on, …
BY_HISTORY = {
    *("pipeline_at", "amount_at_pipeline", "amount_stamped_at", "amount_reporting"),
    *("is_created_in_stage", "is_skipped", "is_pipeline", "is_amount_missing", "is_amount_odd"),
    *("owner_id", "pushes", "slips", "is_reopened", "source", "team", "rule", "closed_at"),
    *("outcome", "loss_reason", "person", "attempt", "amount_at_end"),
}
# … and of one whose person did.
BY_PERSON = {"person", "attempt", "source", "team", "rule"}


def differences(warehouse: Path, truth: Truth) -> list[str]:
    """One line for each fact in which a definition and the truth differ."""
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        numbers, found = people(con, truth)
        silent = {human["person"] for human in truth.people if human["is_unrecorded"]}
        for name, told, query in (
            ("episode", truth.episodes, EPISODES),
            ("acceptance", truth.acceptances, ACCEPTANCES),
            ("rejection", truth.rejections, REJECTIONS),
            ("follow-up", truth.follow_ups, FOLLOW_UPS),
        ):
            real = {(row["person"], row["attempt"]): row for row in told}
            ours = {}
            for row in rows(con, query):
                row["person"] = numbers.get(row.pop("person_id"))
                ours[row["person"], row["attempt"]] = row
            found += compare(name, real, ours, silent)
        real = {(row["opportunity_id"],): row for row in truth.opportunities}
        ours = {}
        for row in rows(con, OPPORTUNITIES):
            row["person"] = numbers.get(row.pop("person_id"))
            ours[(row["opportunity_id"],)] = row
        return found + compare("opportunity", real, ours, set())
    finally:
        con.close()


def people(con: duckdb.DuckDBPyConnection, truth: Truth) -> tuple[dict[str, int], list[str]]:
    """Number of each person of ours, and every record that is with the wrong human."""
    ours = {
        (row["system"], row["object"], row["record_id"]): row["person_id"]
        for row in rows(con, "select * from definitions.person_record")
    }
    found, numbers = [], {}
    together: dict[str, set[int]] = defaultdict(set)
    for human in truth.people:
        ids = {ours.pop(tuple(record), None) for record in human["records"]}
        if len(ids) > 1 or None in ids:
            found.append(f"person {human['person']}: records {human['records']} are {ids}")
        for person_id in ids - {None}:
            together[person_id].add(human["person"])
            numbers[person_id] = human["person"]
    found += [
        f"person {one}: is several humans {who}" for one, who in together.items() if len(who) > 1
    ]
    found += [f"record {record}: nobody's" for record in ours]
    sources = {
        numbers.get(row["person_id"]): row["first_source"]
        for row in rows(con, "select person_id, first_source from definitions.lead")
    }
    for human in truth.people:
        if sources.get(human["person"]) != human["source"]:
            said = sources.get(human["person"])
            found.append(f"person {human['person']}: source is {said}, really {human['source']}")
    return numbers, found


def compare(
    name: str, real: dict[tuple, Row], ours: dict[tuple, Row], silent: set[int]
) -> list[str]:
    """Differences of two sets of rows by key, people of whom nobody could know apart."""
    real, ours = (
        {key: row for key, row in side.items() if key[0] not in silent} for side in (real, ours)
    )
    found = [f"{name} {key}: missing, really {real[key]}" for key in real.keys() - ours.keys()]
    found += [f"{name} {key}: not real, {ours[key]}" for key in ours.keys() - real.keys()]
    for key in sorted(real.keys() & ours.keys()):
        row, mine = real[key], ours[key]
        unknowable = BY_HISTORY if row.get("is_unrecorded") else set()
        unknowable = unknowable | (BY_PERSON if row.get("is_person_unrecorded") else set())
        found += [
            f"{name} {key}: {column} is {mine[column]}, really {value}"
            for column, value in row.items()
            if not column.endswith("unrecorded")
            and column not in unknowable
            and not same(mine[column], value)
        ]
        if row.get("is_unrecorded") not in (None, mine.get("is_left_censored")):
            found.append(f"{name} {key}: is_left_censored is {mine['is_left_censored']}")
    return found


def same(ours: Any, real: Any) -> bool:
    """Equal, amounts to a thousandth."""
    if isinstance(ours, Decimal) and real is not None:
        return abs(float(ours) - real) < 0.001
    if isinstance(ours, date) and isinstance(real, str):
        return ours.isoformat() == real
    return ours == real
