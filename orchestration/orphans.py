"""Tidy up after processes that died: no run stays "started", no published figure unrecorded."""

from __future__ import annotations

import dagster as dg

from onefunnel import forgetting
from onefunnel.releases import Releases
from review import ledger

UNDER_WAY = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def fail_orphaned_runs(instance: dg.DagsterInstance, besides: str | None = None) -> list[str]:
    """Mark runs as failed that nobody executes. Under the run lock: then there can be no other."""
    orphans = instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY))
    failed = [run for run in orphans if run.run_id != besides]
    for run in failed:
        instance.report_run_failed(
            run,
            "The process of this run ended without a word (killed, or the machine stopped). "
            "Nothing has to be repaired: materialise everything again.",
        )
    return [run.run_id for run in failed]


def finish_ledger(releases: Releases) -> None:
    """Record the served release, in case its process died between the two."""
    current = releases.current()
    if current and (releases.root / current.name / "ledger.jsonl").is_file():
        folder, home = releases.root / current.name, releases.home
        forget = forgetting.is_before(home, current.sealed_at)
        ledger.record(home.ledger, current.name, current.run_id, folder, with_records=not forget)
