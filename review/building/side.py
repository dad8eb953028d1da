"""One side of a comparison: a project, compiled and, as far as it differs, built.

Belongs here: the work folder, starting the child process, reading what it left. Not here: what is
built (`plan.py`) or what the child does (`process.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.landing import Landing
from onefunnel import exit_codes
from onefunnel.config import PROJECT_ROOT
from onefunnel.dbt_manifest import required_columns
from onefunnel.published_copy import personal_columns
from onefunnel.refusal import Refusal
from onefunnel.seed_file import unreadable
from review.building import process
from review.plan import Plan

DATABASE = "change.duckdb"
# The child sees these of our environment and nothing else: no credential, no secret.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
FIXED = {
    "TZ": "UTC",
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_LOG_LEVEL_FILE": "info",
    "PYTHONPATH": str(PROJECT_ROOT),
}
SHOWN_LINES = 20


@dataclass(frozen=True)
class Snapshot:
    """The data that both sides judge: those of one release."""

    folder: Path
    # The build's own file and the landing, when they are at hand and are those of the release.
    private: Path | None
    landing: Path | None

    @property
    def review(self) -> Path:
        """The reviewer's copy."""
        return self.folder / "review.duckdb"

    @property
    def manifest(self) -> Path:
        """The definitions under which it was published."""
        return self.folder / "manifest.json"


@dataclass(frozen=True)
class Side:
    """A compiled project and the file in which its changed tables are; None when none differ."""

    manifest: Mapping[str, Any]
    plan: Plan
    database: Path | None
    failures: tuple[str, ...]
    seconds: Mapping[str, float]

    @property
    def built(self) -> set[tuple[str, str]]:
        """Schema and name of the tables in the side's own file."""
        return self._tables(self.plan.build)

    @property
    def resting(self) -> set[tuple[str, str]]:
        """Schema and name of the tables that were not built and move when a definition does."""
        return self._tables(self.plan.resting)

    def _tables(self, ids: tuple[str, ...]) -> set[tuple[str, str]]:
        nodes = self.manifest["nodes"]
        return {(nodes[one]["schema"], nodes[one]["alias"]) for one in ids}


def build(project: Path, snapshot: Snapshot, work: Path, is_whole: bool = True) -> Side:
    """Compile a project and build what differs from the snapshot's definitions.

    Not whole: without the tables that rest on definitions alone and that the report does not read.
    """
    prepare(project, snapshot, work, is_whole)
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = [sys.executable, "-m", "review.building.process"]
    with open(work / "said.txt", "w", encoding="utf-8") as said:
        done = subprocess.run(
            command,
            cwd=work,
            env={**environment, **FIXED, "HOME": str(work), "STARTED_BY": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode or not (work / process.DONE).is_file():
        last = (work / "said.txt").read_text(encoding="utf-8").strip().splitlines()[-SHOWN_LINES:]
        raise Refusal(
            f"The change in {project} could not be built:\n" + "\n".join(last),
            exit_code=exit_codes.CHANGE_FAILED,
        )
    return result(project, work)


def prepare(project: Path, snapshot: Snapshot, work: Path, is_whole: bool) -> None:
    """Empty the work folder but for what dbt parsed, and write the job."""
    work.mkdir(parents=True, exist_ok=True)
    for name in (process.PLAN, process.DONE, process.MANIFEST):
        (work / name).unlink(missing_ok=True)
    for leftover in work.glob(f"{DATABASE}*"):
        leftover.unlink()
    base = json.loads(snapshot.manifest.read_bytes())
    if snapshot.landing:
        register_raw(base, snapshot, work / DATABASE)
    cut = personal_columns(base)
    job = {
        "project": str(project.absolute()),
        "base_manifest": str(snapshot.manifest),
        "released": str(snapshot.review),
        "private": str(snapshot.private) if snapshot.private else None,
        "landing": str(snapshot.landing) if snapshot.landing else None,
        "is_whole": is_whole,
        "cut": {
            unique_id: sorted(columns)
            for unique_id, node in base["nodes"].items()
            if node["resource_type"] in ("model", "seed")
            and node["schema"] != "staging"
            and (columns := cut.get((node["schema"], node["alias"])))
        },
    }
    (work / process.JOB).write_text(json.dumps(job), encoding="utf-8")


def register_raw(manifest: Mapping[str, Any], snapshot: Snapshot, database: Path) -> None:
    """Views over the landing, and the facts of the release's run, for changes in staging."""
    assert snapshot.landing
    con = duckdb.connect(str(database))
    try:
        Landing(snapshot.landing).register(con, required_columns(manifest))
        con.execute(f"attach '{snapshot.review}' as released (read_only)")
        con.execute(
            "create schema onefunnel; create table onefunnel.run as select run_id, as_of, "
            "landing_fingerprint, salesforce_watermark, hubspot_watermark from released.marts.run"
        )
    finally:
        con.close()


def result(project: Path, work: Path) -> Side:
    """What the child left; a project that does not compile or may not be built is refused."""
    done = json.loads((work / process.DONE).read_bytes())
    if done["step"] == "compile":
        said = "\n".join(unreadable(project) or done["said"].strip().splitlines()[-SHOWN_LINES:])
        raise Refusal(
            f"The dbt project cannot be read:\n{said}",
            remedy=f"Correct the file that is named, in {project}",
            exit_code=exit_codes.CHANGE_FAILED,
        )
    plan = Plan.from_json(json.loads((work / process.PLAN).read_bytes()))
    if plan.forbidden:
        raise forbidden(plan.forbidden)
    if plan.lacking:
        raise Refusal(
            f"This change reads {', '.join(plan.lacking[:6])}, which is only where the landing is",
            remedy="Run it in the home of a release whose landing has not moved since",
            exit_code=exit_codes.NOT_COMPARABLE,
        )
    failures = tuple(done["said"].splitlines()) if done["said"] else ()
    return Side(
        json.loads((work / process.MANIFEST).read_bytes()),
        plan,
        work / DATABASE if plan.has_work else None,
        failures,
        done["seconds"],
    )


def forbidden(found: tuple[str, ...]) -> Refusal:
    """Name each thing that a change may not contain."""
    return Refusal(
        "The change contains what a definition may not:\n"
        + "\n".join(f"  - {one}" for one in found),
        remedy="A definition is a select over ref(), with our macros; see CONTRIBUTING.md",
        exit_code=exit_codes.CHANGE_FAILED,
    )
