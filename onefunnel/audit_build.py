"""A private build of the audit's tables from what has landed, for teams that agreed on nothing yet.

The tables of a release need mappings that know nearly every value. The audit does not: it counts
what is there. So it can be built into a file of its own that is thrown away afterwards. Nothing is
tested and nothing is published.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefunnel import dbt_manifest, exit_codes, run_facts, seed_rows, stream_status
from onefunnel.config import DBT_PROJECT, Config
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse
from onefunnel.refusal import Refusal, storage_problem

TABLES = (
    "audit_period",
    "audit_count",
    "audit_difference",
    "audit_value",
    "audit_missing",
    "audit_agreement",
    "source_drift",
    "history_coverage",
    "late_history",
    "unmapped_value",
    "exclusion_ledger",
    "published_run",
    "stream_freshness",
    "period",
)
SHOWN_LINES = 15


@contextmanager
def built(config: Config) -> Iterator[tuple[Path, Path]]:
    """A warehouse with the audit's tables and the manifest it was built by, for as long as needed.

    Call it under the run lock: nobody changes the landing meanwhile.
    """
    if not any(config.home.landing.glob("*/*/*")):
        raise Refusal(
            f"Nothing has landed in {config.home.landing}",
            remedy="Run `onefunnel run` once (what it reads stays even if its build fails), or "
            "`onefunnel demo` for a simulated company",
            exit_code=exit_codes.NOTHING_PUBLISHED,
        )
    manifest = dbt_manifest.ensure(config.home)
    seed_rows.require_sound(dbt_manifest.read(manifest), DBT_PROJECT)
    folder = Path(tempfile.mkdtemp(prefix="audit-", dir=config.home.private))
    try:
        scratch = Home(folder).create()
        scratch.landing.rmdir()
        scratch.landing.symlink_to(config.home.landing)
        start(config, scratch, manifest)
        run_dbt(config.home, scratch)
        yield scratch.warehouse, manifest
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(config: Config, scratch: Home, manifest: Path) -> None:
    """Begin the file over the landing, with the facts of this moment."""
    described = dbt_manifest.read(manifest)
    warehouse = PrivateWarehouse(scratch)
    warehouse.start_afresh(
        run_facts.run_facts(config, "audit---"),
        run_facts.definition_versions(described),
        run_facts.stream_loads(warehouse.landing, stream_status.known(config.home)),
        dbt_manifest.required_columns(described),
    )


def run_dbt(home: Home, scratch: Home) -> None:
    """Build the tables and what they rest on."""
    scratch.dbt_target.mkdir(parents=True, exist_ok=True)
    for name in dbt_manifest.PARSED:
        if (home.dbt_target / name).is_file():
            shutil.copy(home.dbt_target / name, scratch.dbt_target / name)
    done = subprocess.run(
        [
            *dbt_manifest.DBT_COMMAND,
            "--quiet",
            "build",
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--select", *(f"+{table}" for table in TABLES)),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        ],
        env={
            **os.environ,
            "ONEFUNNEL_WAREHOUSE": str(scratch.warehouse),
            "DBT_TARGET_PATH": str(scratch.dbt_target),
            "DBT_LOG_PATH": str(scratch.dbt_target),
        },
        cwd=DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise storage_problem(said, scratch.root) or Refusal(
            "The audit could not be built:\n" + "\n".join(said.splitlines()[-SHOWN_LINES:]),
            remedy="Correct the file that is named; nothing was published",
        )
