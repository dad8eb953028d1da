"""A warehouse over a company that was landed straight: no HTTP, no Dagster, no data tests."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.landing import Landing
from connectors.sandbox import straight
from connectors.sandbox.world import World
from dashboards import site
from onefunnel import dbt_manifest
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts
from tests.conftest import DBT_PROJECT


def dbt(home: Home, *args: str, project: Path = DBT_PROJECT) -> subprocess.CompletedProcess:
    """Run dbt in a home of its own, on our project or a copy of it."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "orchestration.dbt_process",
            *args,
            "--project-dir",
            project,
            "--profiles-dir",
            project,
        ],
        env={
            **os.environ,
            "ONEFUNNEL_WAREHOUSE": str(home.warehouse),
            "DBT_TARGET_PATH": str(home.dbt_target),
            "DBT_LOG_PATH": str(home.dbt_target),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def begin(folder: Path, as_of: datetime) -> Home:
    """A home whose private warehouse shows its landing, as of a moment (naive UTC)."""
    home = Home(folder)
    home.create()
    manifest = dbt_manifest.read(dbt_manifest.ensure(home))
    facts = RunFacts(f"{as_of:%Y%m%d-%H%M%S}-test", as_of, "none", as_of, as_of)
    PrivateWarehouse(home).start_afresh(facts, [], [], dbt_manifest.required_columns(manifest))
    return home


def build(folder: Path, world: World, *select: str) -> Path:
    """Land a world and build models without their tests; return the warehouse."""
    straight.land(world, Landing(Home(folder).create().landing))
    return models(folder, world, *select)


def models(folder: Path, world: World, *select: str) -> Path:
    """Build models without their tests over what has landed in a home; return the warehouse."""
    home = begin(folder, world.now.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    kinds = ("--resource-type", "seed", "--resource-type", "model")
    built = dbt(home, "build", "--quiet", *kinds, "--select", *select)
    assert built.returncode == 0, built.stdout[-4000:]
    return home.warehouse


def pages(folder: Path, world: World) -> Path:
    """Land the records and build models and site; the tests and Dagster are left out."""
    built = build(folder / "home", world, "*")
    site.build(
        built,
        folder / "site",
        manifest=Home(folder / "home").dbt_target / "manifest.json",
        run_results=None,
        built_at=datetime.now(UTC),
    )
    return folder


def run_results(home: Home) -> list[dict]:
    """What dbt says of each node that it ran last."""
    return json.loads((home.dbt_target / "run_results.json").read_text())["results"]


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    """Rows of a query by column name."""
    found = con.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
