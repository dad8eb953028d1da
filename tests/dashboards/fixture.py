"""Plausible definition tables, so that pages are tested without the rest of the pipeline.

Seeded: the same tables each time. `hostile` adds sources that an attacker could have typed into a
web form. The marts over them are built by dbt itself, so SQL and pages are tested together.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project/seeds"
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
    "A" * 5_000,
]
SEGMENTS = ["SMB", "Mid-market", "Enterprise", None]
REGIONS = ["North America", "Europe", "Asia Pacific", None]
# What dbt builds over these tables.
OURS = (
    *("stg_onefunnel__*", "run", "int_source_shown", "int_metric_fact", "int_person_exclusion"),
    "marts",
)
# Only the columns that marts read of models that are not definitions.
UPSTREAM = {
    "int_opportunity_role": "opportunity_id varchar, person_id varchar, role varchar, link varchar",
    "int_person_source": "person_id varchar, source varchar, raw_source varchar, team varchar, "
    "first_sourced_at timestamp",
    "int_status_event": "person_id varchar, event_at timestamp, kind varchar, raw_status varchar, "
    "sequence bigint",
    "int_exclusion": "subject varchar, subject_id varchar, reason varchar, valid_from timestamp, "
    "valid_to timestamp",
    "int_person_account": "person_id varchar, account_id varchar, valid_from timestamp, "
    "valid_to timestamp",
    "int_account_customer": "account_id varchar, customer_from timestamp, opportunity_id varchar",
    "int_opportunity_mapped_value": "mapping varchar, system varchar, value varchar, "
    "given_at timestamp, is_unmapped boolean",
}
DEFINITIONS = {"mql": (3, "2026-03-01"), "sal": (2, "2026-05-01"), "win": (1, "2025-01-01")}


def rows(people: int = 3_000, *, hostile: bool = False, seed: int = 7) -> dict[str, list[dict]]:
    """All tables that the marts read, by `schema.table`."""
    chance = random.Random(seed)
    sources = list(SOURCES)
    if hostile:
        sources = [(name, name, "marketing", 6, 0.3) for name in HOSTILE] + sources[:1]
    weights = [source[3] for source in sources]
    days = (AS_OF - FIRST_DAY).days
    found: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "definitions.lead",
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
        opportunity = f"o{number}"
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
                "role": "Decision Maker",
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


def write(path: Path, people: int = 3_000, *, hostile: bool = False) -> None:
    """Write the tables that marts read, and let dbt build the marts over them."""
    # One path for every warehouse: dbt parses again when its profile changes.
    building = path.parent.parent / "building.duckdb"
    with duckdb.connect(str(building)) as con:
        _staged_tables(con)
        _run_tables(con)
        _empty_tables(con)
        for table, table_rows in rows(people, hostile=hostile).items():
            if not table_rows:
                continue
            columns = ", ".join(table_rows[0])
            con.register("given", pa.Table.from_pylist(table_rows))
            con.execute(f"insert into {table} ({columns}) select {columns} from given")
            con.unregister("given")
    _dbt(building, "run", "--select", *OURS)
    shutil.move(building, path)


def _empty_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables upstream of the marts, with the columns of their contracts."""
    con.execute("create schema definitions; create schema intermediate; create schema seeds")
    con.execute(f"create table seeds.calendar as from read_csv('{SEEDS}/calendar/calendar.csv')")
    con.execute(f"create table seeds.target as from read_csv('{SEEDS}/targets/target.csv')")
    for file in (ROOT / "dbt_project/models/definitions").glob("*.yml"):
        for model in yaml.safe_load(file.read_text()).get("models") or []:
            columns = ", ".join(f"{c['name']} {c['data_type']}" for c in model["columns"])
            con.execute(f"create table definitions.{model['name']} ({columns})")
    for name, columns in UPSTREAM.items():
        con.execute(f"create table intermediate.{name} ({columns})")


def _staged_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Of staging, the marts read how much could not be cast; one table has a little of that."""
    con.execute("create schema staging; create schema onefunnel")
    for file in (ROOT / "dbt_project/models/staging").glob("*/stg_*.sql"):
        if "cast_failures" in file.read_text():
            failures = 2 if file.stem == "stg_salesforce__lead" else 0
            con.execute(
                f"create table staging.{file.stem} as select {failures}::bigint as cast_failures "
                "from range(40)"
            )


def _run_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table onefunnel.run as select 'run-7f3a' as run_id, $at::timestamp as as_of, "
        "'landing-1' as landing_fingerprint, $at::timestamp - interval 2 minute as "
        "salesforce_watermark, $at::timestamp - interval 3 hour as hubspot_watermark",
        {"at": AS_OF},
    )
    con.execute(
        "create table onefunnel.definition_version(definition varchar, version integer, "
        "changed_on date, fingerprint varchar, marketing_owner varchar, sales_owner varchar, "
        "is_in_force boolean, marketing_agreed_on date, sales_agreed_on date, reviewed_on date, "
        "effect varchar, pull_request varchar)"
    )
    for name, (version, changed_on) in DEFINITIONS.items():
        con.execute(
            "insert into onefunnel.definition_version values "
            "(?, ?, ?, ?, ?, ?, true, ?, null, null, 'fewer MQLs', '')",
            [
                name,
                version,
                changed_on,
                "f00d" * 3,
                "Head of Marketing",
                "Head of Sales",
                changed_on,
            ],
        )
    con.execute(
        "create table onefunnel.stream_load(source varchar, stream varchar, status varchar, "
        "rows_landed bigint, total_rows bigint, requests bigint, window_end timestamp, "
        "last_batch_at timestamp)"
    )
    for source, stream, status, landed in [
        ("salesforce", "Lead", "ok", 120),
        ("salesforce", "Opportunity", "ok", 14),
        ("salesforce", "Campaign", "nothing_new", 0),
        ("hubspot", "contacts", "ok", 310),
        ("hubspot", "email_events", "not_permitted", 0),
        ("hubspot", "deals", "ok", 3),
    ]:
        con.execute(
            "insert into onefunnel.stream_load values (?, ?, ?, ?, ?, 3, ?, ?)",
            [source, stream, status, landed, landed * 40, AS_OF - timedelta(minutes=3), AS_OF],
        )


def _dbt(path: Path, command: str, *more: str) -> None:
    project = ROOT / "dbt_project"
    settings = {
        **os.environ,
        "ONEFUNNEL_WAREHOUSE": str(path),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    dbt = Path(sys.executable).parent / "dbt"
    done = subprocess.run(
        [
            str(dbt),
            command,
            "--project-dir",
            str(project),
            "--profiles-dir",
            str(project),
            "--target-path",
            str(path.parent / "target"),
            "--log-path",
            str(path.parent / "logs"),
            "--quiet",
            *more,
        ],
        env=settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt {command} failed:\n{done.stdout[-4000:]}{done.stderr[-1000:]}")


if __name__ == "__main__":
    write(Path(sys.argv[1]), hostile="--hostile" in sys.argv)
