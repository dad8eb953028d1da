"""The private warehouse: one file in which a run builds, that nobody else opens.

Belongs here: when the file may be trusted. A marker says that it is being written; a run that
finds it (the writer was killed) discards the file. A stamp in the file says that everything was
built as of one moment from one landing and that every blocking test passed; only then may it be
released. Not here: what is in the models.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from connectors.landing import Landing
from connectors.manifest import force_to_disk
from onefunnel.home import Home
from onefunnel.refusal import Refusal
from review import restatement

MATERIALISE_ALL = "Materialise everything (in the UI: Materialize all; here: `onefunnel run`)"
# How long a build process that lost its parent may take to notice.
ORPHAN_SECONDS = 20.0


@dataclass(frozen=True)
class RunFacts:
    """What a run is: every model reads these instead of the clock."""

    run_id: str
    as_of: datetime
    landing_fingerprint: str
    salesforce_watermark: datetime | None
    hubspot_watermark: datetime | None

    def belongs_to(self, dagster_run_id: str) -> bool:
        """Whether these are the facts that this run of Dagster wrote."""
        return self.run_id.endswith(f"-{dagster_run_id[:8]}")


@dataclass(frozen=True)
class DefinitionVersion:
    """One version of a definition: the one that this run computes, or one before it."""

    definition: str
    version: int | None
    changed_on: date | None
    fingerprint: str
    marketing_owner: str | None
    sales_owner: str | None
    is_in_force: bool = True
    marketing_agreed_on: date | None = None
    sales_agreed_on: date | None = None
    reviewed_on: date | None = None
    effect: str = ""
    pull_request: str = ""


@dataclass(frozen=True)
class StreamLoad:
    """When a raw object was last read, and how much of it landed."""

    source: str
    stream: str
    status: str
    rows_landed: int
    total_rows: int
    requests: int
    window_end: datetime | None
    last_batch_at: datetime | None


@dataclass(frozen=True)
class Stamp:
    """Proof of a complete build: what it was built from, and what was checked."""

    run_id: str
    as_of: datetime
    landing_fingerprint: str
    models: int
    tests_passed: int
    tests_warned: int


TABLES: Mapping[str, str] = {
    "run": "run_id varchar, as_of timestamp, landing_fingerprint varchar, "
    "salesforce_watermark timestamp, hubspot_watermark timestamp",
    "definition_version": "definition varchar, version integer, changed_on date, "
    "fingerprint varchar, marketing_owner varchar, sales_owner varchar, is_in_force boolean, "
    "marketing_agreed_on date, sales_agreed_on date, reviewed_on date, effect varchar, "
    "pull_request varchar",
    "stream_load": "source varchar, stream varchar, status varchar, rows_landed bigint, "
    "total_rows bigint, requests bigint, window_end timestamp, last_batch_at timestamp",
    "restatement": ", ".join(f"{name} {kind}" for name, kind in restatement.COLUMNS.items()),
    "audit_stamp": "run_id varchar, as_of timestamp, landing_fingerprint varchar, "
    "models integer, tests_passed integer, tests_warned integer",
}


class PrivateWarehouse:
    """The file of a home. Call everything under the run lock."""

    def __init__(self, home: Home) -> None:
        self.path = home.warehouse
        self.marker = home.private / "being-written.json"
        self.build_lock = home.private / "build.lock"
        self.landing = Landing(home.landing)

    def start_afresh(
        self,
        facts: RunFacts,
        definitions: Iterable[DefinitionVersion],
        loads: Iterable[StreamLoad],
        required: Mapping[str, Mapping[str, Sequence[str]]],
        restatements: Sequence[Path] = (),
        known_at: datetime | None = None,
    ) -> None:
        """Discard what is there, and write the facts of a new build over the landing.

        Always from nothing: then a model that was removed is gone, and a build after a killed one
        cannot differ from any other. With `known_at` the landing is read as it was known then.
        """
        self.wait_for_orphan()
        self.mark(facts.run_id)
        self.discard()
        self.landing.remove_replaced()
        with self.opened() as con:
            self.landing.register(con, required, known_at)
            con.execute("create schema if not exists onefunnel")
            for table, columns in TABLES.items():
                con.execute(f"create table onefunnel.{table} ({columns})")
            for table, rows in (
                ("run", [facts]),
                ("definition_version", definitions),
                ("stream_load", loads),
            ):
                self.insert(con, table, [astuple(row) for row in rows])
            restatement.load(con, "onefunnel.restatement", restatements)

    def reopen(self) -> RunFacts:
        """Go on with the file for a partial build, which takes its stamp away."""
        self.wait_for_orphan()
        if self.marker.exists() or not self.path.is_file():
            raise Refusal(
                "There is no complete private warehouse to build a part of",
                remedy=MATERIALISE_ALL,
            )
        facts = self.facts()
        self.mark(facts.run_id)
        with self.opened() as con:
            con.execute("delete from onefunnel.audit_stamp")
        return facts

    def begun_by(self, dagster_run_id: str) -> RunFacts | None:
        """The facts, when this very run has just begun the file."""
        if not (self.path.is_file() and self.marker.exists()):
            return None
        facts = self.facts()
        return facts if facts.belongs_to(dagster_run_id) else None

    def facts(self) -> RunFacts:
        """Which run the file belongs to."""
        with self.opened(read_only=True) as con:
            return RunFacts(*con.execute("from onefunnel.run").fetchall()[0])

    def stamp(self, stamp: Stamp) -> None:
        """Write the proof; the file is complete from here on."""
        with self.opened() as con:
            con.execute("delete from onefunnel.audit_stamp")
            self.insert(con, "audit_stamp", [astuple(stamp)])

    def require_stamp(self) -> Stamp:
        """Return the proof, or refuse to release."""
        refusal = Refusal(
            "The private warehouse holds no complete, fully tested build, so it is not released",
            remedy=f"{MATERIALISE_ALL}; the last release stays in place",
        )
        torn = self.path.with_name(self.path.name + ".wal").exists()
        if self.marker.exists() or not self.path.is_file() or torn:
            raise refusal
        with self.opened(read_only=True) as con:
            stamps = con.execute("from onefunnel.audit_stamp").fetchall()
        if len(stamps) != 1:
            raise refusal
        stamp, facts = Stamp(*stamps[0]), self.facts()
        if (stamp.run_id, stamp.landing_fingerprint) != (facts.run_id, facts.landing_fingerprint):
            raise refusal
        return stamp

    def row_counts(self) -> dict[tuple[str, str], int]:
        """Rows of every table, by schema and name."""
        with self.opened(read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where not internal"
            ).fetchall()
            return {
                (schema, table): con.execute(
                    f'select count(*) from "{schema}"."{table}"'
                ).fetchall()[0][0]
                for schema, table in tables
            }

    def mark(self, run_id: str) -> None:
        """Say that the file is being written, before the first byte of it."""
        self.marker.write_text(json.dumps({"run": run_id}), encoding="utf-8")
        force_to_disk(self.marker)
        force_to_disk(self.marker.parent)

    def unmark(self) -> None:
        """Say that the file is whole, after its last byte is on the disk."""
        force_to_disk(self.path)
        self.marker.unlink(missing_ok=True)
        force_to_disk(self.marker.parent)

    def discard(self) -> None:
        """Remove the file and what belongs to it."""
        for leftover in self.path.parent.glob(self.path.name + "*"):
            leftover.unlink()

    def wait_for_orphan(self) -> None:
        """Wait until a build process that outlived a killed run has ended."""
        give_up = time.monotonic() + ORPHAN_SECONDS
        with open(self.build_lock, "a", encoding="utf-8") as file:
            while True:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                if time.monotonic() > give_up:
                    raise Refusal(
                        f"A process of an earlier run still builds in {self.path.parent}",
                        remedy="End that dbt process, then run again",
                    )
                time.sleep(0.1)

    @contextmanager
    def opened(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file for a moment; what cannot be opened is named with what to do."""
        try:
            con = open_duckdb(self.path, read_only=read_only)
        except duckdb.Error as error:
            raise Refusal(
                f"{self.path} cannot be opened ({type(error).__name__})",
                remedy="Close every other program that has this file open. If it is damaged, "
                f"nothing is lost: {MATERIALISE_ALL.lower()}, which builds it anew",
            ) from None
        try:
            yield con
        finally:
            con.close()

    @staticmethod
    def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple]) -> None:
        """Add rows by position."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            con.executemany(f"insert into onefunnel.{table} values ({marks})", rows)


def open_duckdb(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a warehouse in UTC."""
    con = duckdb.connect(str(path), read_only=read_only)
    con.execute("set timezone = 'UTC'")
    return con
