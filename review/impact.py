"""`onefunnel impact`: what moves if this change is merged, for whom, by how much.

Orchestrates: check what may not be, build what differs, ask the questions, write the report. The
same data and the same moment on both sides, always: those of the current release.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from connectors.landing import Landing
from onefunnel import exit_codes, seed_rows
from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse
from onefunnel.refusal import Refusal
from onefunnel.releases import Release, Releases
from onefunnel.releasing import published_facts
from review import permitted
from review.building.side import Side, Snapshot, build, forbidden
from review.effect import report as effect
from review.effect.suppressed import suppressed
from review.shown.files import written_to

RELEASE = "release"
CHANGE = "The change"
EXIT = {
    effect.UNCHANGED: exit_codes.OK,
    effect.FAILED: exit_codes.CHANGE_FAILED,
    effect.NOT_COMPARABLE: exit_codes.NOT_COMPARABLE,
}


@dataclass(frozen=True)
class Request:
    """What is asked. `project`: the changed dbt project; `base`: `release` or a git revision.

    `is_whole`: build what rests on definitions alone, too; against a revision that is always done,
    since there what one side left standing the other may have changed.
    """

    home: Home
    project: Path
    base: str
    out: Path
    as_of: datetime | None = None
    is_public: bool = False
    is_whole: bool = False


def impact(request: Request) -> tuple[dict[str, Any], int]:
    """Write the report into the folder; return it with the exit code."""
    started = time.monotonic()
    ids: list[dict[str, Any]] = []
    try:
        told, ids = judged(request)
    except Refusal as refusal:
        if refusal.exit_code not in (exit_codes.CHANGE_FAILED, exit_codes.NOT_COMPARABLE):
            raise
        is_failed = refusal.exit_code == exit_codes.CHANGE_FAILED
        verdict = effect.FAILED if is_failed else effect.NOT_COMPARABLE
        told = effect.failed(refusal.problem, refusal.remedy, verdict)
    told["seconds"] = {
        **told.get("seconds", {}), "total": round(time.monotonic() - started, 1)
    }  # fmt: skip
    if request.is_public:
        told = suppressed(told)
    written_to(request.out, told, [] if request.is_public else ids)
    return told, exit_code(told)


def exit_code(told: Mapping[str, Any]) -> int:
    """The verdict as an exit code."""
    if told["verdict"] == effect.MOVED:
        return exit_codes.OK if told["is_signed"] else exit_codes.NOT_AGREED
    return EXIT[told["verdict"]]


def judged(request: Request) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report and the ids of who changes sides."""
    release = Releases(request.home).require_current()
    folder = request.home.releases / release.name
    require_comparable(request, release, folder)
    refuse_forbidden(request.project)
    with work_folder(request.home) as work, project_of(request.base) as base_project:
        snapshot = snapshot_of(request.home, release, folder, work)
        base = None
        if base_project:
            refuse_forbidden(base_project)
            base = sound(build(base_project, snapshot, work / "base"), base_project, "The base")
        is_whole = request.is_whole or base is not None
        built = build(request.project, snapshot, work / "head", is_whole)
        head = sound(built, request.project, CHANGE)
        base_manifest = base.manifest if base else json.loads(snapshot.manifest.read_bytes())
        started = time.monotonic()
        told, ids = effect.report(
            snapshot, head, request.project, base, base_project, base_manifest
        )
        seconds = {name: round(value, 1) for name, value in head.seconds.items()}
        told["seconds"] = {**seconds, "compare": round(time.monotonic() - started, 1)}
        told["base"] = {"name": request.base, "release": release.name, "as_of": release.as_of}
        told["built"] = {"tables": len(head.plan.build), "tests": len(head.plan.tests)}
        return told, ids


def require_comparable(request: Request, release: Release, folder: Path) -> None:
    """Both sides are judged on the data and as of the moment of the release."""
    lacking = [n for n in ("manifest.json", "review.duckdb") if not (folder / n).is_file()]
    if lacking:
        raise Refusal(
            f"Release {release.name} holds no {' and no '.join(lacking)} to compare with",
            remedy="Publish a new one with `onefunnel run`",
            exit_code=exit_codes.NOT_COMPARABLE,
        )
    if request.as_of and request.as_of.isoformat() != release.as_of:
        raise Refusal(
            f"ONEFUNNEL_AS_OF is {request.as_of}, release {release.name} judges as of "
            f"{release.as_of}",
            remedy="Unset it, or run `onefunnel run` as of that moment first",
            exit_code=exit_codes.NOT_COMPARABLE,
        )


def refuse_forbidden(project: Path) -> None:
    """Name what the project's files may not hold, before anything of them runs."""
    found = permitted.in_files(project, (DBT_PROJECT / "profiles.yml").read_bytes())
    if found:
        raise forbidden(tuple(str(one) for one in found))


def sound(side: Side, project: Path, whose: str) -> Side:
    """A side all of whose models were built and whose blocking tests passed."""
    is_change = whose == CHANGE
    rows = seed_rows.problems(side.manifest, project) if is_change or side.failures else []
    if rows or side.failures:
        raise Refusal(
            f"{whose} does not build or fails a test:\n" + "\n".join((*rows, *side.failures)[:20]),
            remedy="Correct the rows; what a column may hold stands in a .yml of the file's folder"
            if rows
            else "Correct the rule, or the test if it says what is no longer agreed",
            exit_code=exit_codes.CHANGE_FAILED,
        )
    return side


def snapshot_of(home: Home, release: Release, folder: Path, work: Path) -> Snapshot:
    """The release's data; the build's own file and the landing only if they are the release's."""
    landing = None
    if home.landing.is_dir():
        facts = published_facts(folder / "published.duckdb")
        if Landing(home.landing).fingerprint() == facts.landing_fingerprint:
            landing = home.landing
    return Snapshot(folder, private_build(home, release, work), landing)


def private_build(home: Home, release: Release, work: Path) -> Path | None:
    """The file in which the release was built, under a name that no later run takes away."""
    try:
        if PrivateWarehouse(home).require_stamp().run_id != release.run_id:
            return None
    except Refusal:
        return None
    kept = work / "private.duckdb"
    try:
        kept.unlink(missing_ok=True)
        os.link(home.warehouse, kept)
    except OSError:
        return home.warehouse
    return kept


@contextmanager
def work_folder(home: Home) -> Iterator[Path]:
    """In the home, where what dbt parsed is kept; elsewhere when the home is read-only, or when
    another comparison works there.
    """
    kept = home.private / "impact"
    try:
        kept.mkdir(exist_ok=True)
        lock = open(kept / "lock", "w", encoding="utf-8")  # noqa: SIM115 - open while locked
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    try:
        yield kept
    finally:
        for pattern in ("*.duckdb*", "*/change.duckdb*"):
            for leftover in kept.glob(pattern):
                leftover.unlink()
        lock.close()


@contextmanager
def project_of(revision: str) -> Iterator[Path | None]:
    """The dbt project at a revision, in a folder of its own; None for the release."""
    if revision == RELEASE:
        yield None
        return
    top = DBT_PROJECT.parent
    asked = ["git", "-C", str(top), "archive", "--format=tar", "--end-of-options"]
    done = subprocess.run([*asked, revision, DBT_PROJECT.name], capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Refusal(
            f"--base {revision!r} cannot be read: {''.join(said)}",
            remedy="Name a commit, branch or tag of this repository, or `release`",
            exit_code=exit_codes.USAGE,
        )
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder) / DBT_PROJECT.name
