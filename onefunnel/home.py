"""The home folder: where everything that outlives a run is kept, private to its owner.

Only names of places and their creation; what lies there belongs to the modules that use it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from onefunnel.refusal import storage_refusal


@dataclass(frozen=True)
class Home:
    """Paths below `$ONEFUNNEL_HOME`."""

    root: Path

    @property
    def landing(self) -> Path:
        """What the sources said, in immutable batches."""
        return self.root / "landing"

    @property
    def private(self) -> Path:
        """The warehouse being built and the build's own files; nobody reads there."""
        return self.root / "private"

    @property
    def warehouse(self) -> Path:
        """The private warehouse."""
        return self.private / "warehouse.duckdb"

    @property
    def dbt_target(self) -> Path:
        """One fixed place for dbt's artifacts, so that runs do not leave copies behind."""
        return self.private / "dbt"

    @property
    def manifest(self) -> Path:
        """The definitions as the asset graph knows them."""
        return self.private / "manifest.json"

    @property
    def releases(self) -> Path:
        """Everything published."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link that readers follow."""
        return self.root / "current"

    @property
    def ledger(self) -> Path:
        """Published figures, a file per run, never changed."""
        return self.root / "ledger"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.root / "dagster"

    @property
    def lock_file(self) -> Path:
        """Locked while a run is under way."""
        return self.root / "run.lock"

    def create(self) -> Home:
        """Create the folders, readable by their owner only, and prove that they can be written."""
        before = os.umask(0o077)
        try:
            for folder in (self.landing, self.private, self.releases, self.ledger, self.dagster):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self.root / f".probe-{os.getpid()}"
            probe.write_bytes(b"x")
            probe.unlink()
        except OSError as error:
            raise storage_refusal(error, self.root) from None
        finally:
            os.umask(before)
        return self
