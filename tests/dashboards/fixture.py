"""A warehouse of plausible tables, so that pages are tested without the rest of the pipeline.

The tables are those of `company.py`. The marts over them are built by dbt itself, so SQL and pages
are tested together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from onefunnel import dbt_manifest
from onefunnel.home import Home
from tests.dashboards import attacked, audited, feedback, fitted, moved, restated
from tests.dashboards.company import AS_OF, rows

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project/seeds"
# What dbt builds over these tables.
OURS = (
    *(
        "stg_onefunnel__*",
        "run",
        "int_source_shown",
        "int_metric_fact",
        "int_person_exclusion",
        "int_breakdown_fact",
        "int_competing_mql",
        *feedback.MODELS,
        *moved.MODELS,
        *fitted.MODELS,
    ),
    "marts",
    "int_attribution_share",
)
# What models of parts give to `int_breakdown_fact`.
BREAKDOWN = (
    "breakdown varchar, subject_id varchar, category varchar, category_rank bigint, "
    "occurred_on date, segment varchar, region varchar, source varchar, "
    "numerator numeric(28, 6), denominator numeric(28, 6), duration_days bigint"
)
# Only the columns that marts read of models that are not definitions.
UPSTREAM = {
    "int_campaign_breakdown": BREAKDOWN,
    "int_opportunity_progress": "opportunity_id varchar, entered_at timestamp, is_open boolean",
    "int_opportunity_role": "opportunity_id varchar, person_id varchar, "
    "link varchar, taken_off_at timestamp",
    "int_person_source": "person_id varchar, source varchar, raw_source varchar, team varchar, "
    "first_sourced_at timestamp, is_drifted boolean, said_by varchar, raw_source_now varchar, "
    "valid_to timestamp",
    "int_status_event": "person_id varchar, event_at timestamp, kind varchar, raw_status varchar, "
    "sequence bigint",
    "int_exclusion": "subject varchar, subject_id varchar, reason varchar, valid_from timestamp, "
    "valid_to timestamp",
    "int_person_account": "person_id varchar, account_id varchar, valid_from timestamp, "
    "valid_to timestamp",
    "int_account_customer": "account_id varchar, customer_from timestamp, opportunity_id varchar",
    "int_opportunity_mapped_value": "mapping varchar, system varchar, value varchar, "
    "given_at timestamp, is_unmapped boolean",
    **audited.UPSTREAM,
    **feedback.UPSTREAM,
    **moved.UPSTREAM,
    **fitted.UPSTREAM,
}
OWNERS = ("Head of Marketing", "Head of Sales", "fewer MQLs")
DEFINITIONS = {"mql": (3, "2026-03-01"), "sal": (2, "2026-05-01"), "win": (1, "2025-01-01")}


def write(path: Path, people: int = 3_000, *, hostile: bool = False) -> None:
    """Write the tables that marts read, and let dbt build the marts over them."""
    # As the product names it: dbt parses again when its profile changes.
    building = path.parent.parent / "warehouse.duckdb"
    with duckdb.connect(str(building)) as con:
        _staged_tables(con)
        _run_tables(con, attacked.HOSTILE if hostile else OWNERS)
        restated.write(con, attacked.HOSTILE if hostile else ["Events"])
        _empty_tables(con)
        for table, table_rows in _tables(people, hostile).items():
            if not table_rows:
                continue
            columns = ", ".join(table_rows[0])
            con.register("given", pa.Table.from_pylist(table_rows))
            con.execute(f"insert into {table} ({columns}) select {columns} from given")
            con.unregister("given")
    run_dbt(building, "run", "--select", *OURS)
    shutil.move(building, path)


def _tables(people: int, hostile: bool) -> dict[str, list[dict]]:
    company = rows(people, hostile=hostile)
    found = fitted.fitted(moved.moved(feedback.feedback(audited.audited(company))))
    return attacked.attacked(found) if hostile else found


def _empty_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables upstream of the marts, with the columns of their contracts."""
    con.execute("create schema definitions; create schema intermediate; create schema seeds")
    seeds = (
        "calendar/calendar",
        "targets/target",
        "mappings/competing_mql",
        *feedback.SEEDS,
        *fitted.SEEDS,
    )
    for seed in seeds:
        name = seed.split("/")[1]
        con.execute(f"create table seeds.{name} as from read_csv('{SEEDS}/{seed}.csv')")
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
                f"create table staging.{file.stem} as select {failures}::bigint as cast_failures, "
                "1 as version_rank from range(40)"
            )


def _run_tables(con: duckdb.DuckDBPyConnection, said: Sequence[str]) -> None:
    """What a run knows of itself. `said`: owners and effects, in turn."""
    texts = cycle(said)
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
            "($1, $2, $3, $4, $5, $6, true, $3, null, null, $7, '')",
            [name, version, changed_on, "f00d" * 3, next(texts), next(texts), next(texts)],
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
        ("hubspot", said[-1], "ok", 3),
    ]:
        con.execute(
            "insert into onefunnel.stream_load values (?, ?, ?, ?, ?, 3, ?, ?)",
            [source, stream, status, landed, landed * 40, AS_OF - timedelta(minutes=3), AS_OF],
        )


def run_dbt(path: Path, command: str, *more: str) -> None:
    """Run dbt as the product does, beginning with what was parsed of the project before."""
    project, target = ROOT / "dbt_project", path.parent / "target"
    if not target.exists():
        home = Home(path.parent / "parsed").create()
        dbt_manifest.ensure(home)
        shutil.copytree(home.dbt_target, target)
    settings = {
        **os.environ,
        "ONEFUNNEL_WAREHOUSE": str(path),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(path.parent / "logs"),
    }
    done = subprocess.run(
        [
            *dbt_manifest.DBT_COMMAND,
            command,
            *("--project-dir", project, "--profiles-dir", project),
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
