"""Releases: warehouse and site published together by the change of one link, and the way back.

A release is drafted beside its place, sealed (checksums, forced to the disk, one rename), and then
served by replacing the link `current`. A sealed release is never changed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.manifest import force_to_disk, sha256_of
from onefunnel import exit_codes, forgetting
from onefunnel.home import Home
from onefunnel.refusal import Refusal

SEAL = "release.json"
DRAFT = ".draft-"


@dataclass(frozen=True)
class Release:
    """What a sealed release says about itself."""

    name: str
    run_id: str
    as_of: str
    sealed_at: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> Mapping[str, str]:
        """The headline figures in words; a release that noted only numbers shows these."""
        numbers = {name: f"{value:,.6g}" for name, value in self.facts.get("headline", {}).items()}
        return {**numbers, **self.facts.get("shown", {})}


class Releases:
    """The releases of a home. Changes only under the run lock."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.root = home.releases
        self.link = home.current

    def draft(self, key: str) -> Path:
        """Folder in which a release is prepared; nobody else sees it."""
        folder = self.root / f"{DRAFT}{key}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def draft_from_current(self, key: str) -> Path:
        """Prepare a release that differs from the current one only in what is then replaced."""
        current = self.require_current()
        folder = self.draft(key)
        for path in sorted((self.root / current.name).rglob("*")):
            target = folder / path.relative_to(self.root / current.name)
            if path.is_dir():
                target.mkdir(exist_ok=True)
            elif path.name != SEAL and not target.exists():
                os.link(path, target)
        return folder

    def seal(self, draft: Path, run_id: str, as_of: datetime, facts: Mapping[str, Any]) -> Release:
        """Make a draft a release: checksums, everything on the disk, its final name."""
        shutil.rmtree(draft / ".spill", ignore_errors=True)
        paths = sorted(path for path in draft.rglob("*") if path.is_file())
        files = {}
        for path in paths:
            files[str(path.relative_to(draft))] = sha256_of(path)
            force_to_disk(path)
            path.chmod(0o444)
        name = self.free_name(run_id)
        sealed_at = datetime.now(UTC).isoformat(timespec="seconds")
        release = Release(name, run_id, as_of.isoformat(), sealed_at, facts, files)
        (draft / SEAL).write_text(json.dumps(asdict(release), indent=1), encoding="utf-8")
        force_to_disk(draft / SEAL)
        for folder in [*(path for path in draft.rglob("*") if path.is_dir()), draft]:
            force_to_disk(folder)
        draft.rename(self.root / name)
        force_to_disk(self.root)
        return release

    def free_name(self, run_id: str) -> str:
        """The run's name; numbered when pages of the same run are published again."""
        name, number = run_id, 1
        while (self.root / name).exists():
            number += 1
            name = f"{run_id}.{number}"
        return name

    def serve(self, name: str) -> None:
        """Let all readers see this release: one replacement of the link."""
        draft = self.link.with_name(f".current-{os.getpid()}")
        draft.unlink(missing_ok=True)
        draft.symlink_to(Path(self.root.name) / name, target_is_directory=True)
        os.replace(draft, self.link)
        force_to_disk(self.link.parent)

    def current(self) -> Release | None:
        """The release that is served."""
        if not self.link.is_symlink():
            return None
        return self.read(Path(os.readlink(self.link)).name)

    def require_current(self) -> Release:
        """The release that is served, or a refusal."""
        current = self.current()
        if current is None:
            raise Refusal(
                f"Nothing is published in {self.home.root} yet",
                remedy="Run `onefunnel demo`, or `onefunnel run` with credentials",
                exit_code=exit_codes.NOTHING_PUBLISHED,
            )
        return current

    def read(self, name: str) -> Release | None:
        """A sealed release, None when there is none of that name."""
        try:
            return Release(**json.loads((self.root / name / SEAL).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def all(self) -> list[Release]:
        """Sealed releases, newest first."""
        if not self.root.is_dir():
            return []
        names = [path.name for path in self.root.iterdir() if not path.name.startswith(".")]
        found = [release for name in names if (release := self.read(name))]
        return sorted(found, key=lambda release: (release.sealed_at, release.name), reverse=True)

    def damage(self, release: Release) -> list[str]:
        """Files of a release that are missing or are not what was sealed."""
        folder = self.root / release.name
        return [
            name
            for name, checksum in release.files.items()
            if not (folder / name).is_file() or sha256_of(folder / name) != checksum
        ]

    def roll_back(self, name: str | None = None) -> Release:
        """Serve an earlier release again, after checking that it is whole."""
        current = self.require_current()
        releases = self.all()
        if name is None:
            names = [release.name for release in releases]
            earlier = releases[names.index(current.name) + 1 :] if current.name in names else []
            target = earlier[0] if earlier else None
        else:
            target = self.read(name)
        if target is None:
            raise Refusal(
                f"There is no release {name}" if name else "There is no earlier release",
                remedy="`onefunnel releases` lists what is kept",
                exit_code=exit_codes.NOTHING_PUBLISHED,
            )
        damaged = self.damage(target)
        if damaged:
            raise Refusal(
                f"Release {target.name} is damaged: {', '.join(damaged[:3])}",
                remedy="Choose another release, or run again; the current one stays",
            )
        self.serve(target.name)
        return target

    def clear_leftovers(self) -> None:
        """Remove what a killed run drafted, and what it sealed but never served."""
        served = {path.stem for path in self.home.ledger.glob("*.jsonl")}
        current = self.current()
        for folder in list(self.root.glob(f"{DRAFT}*")):
            self.remove(folder)
        for release in self.all():
            is_newer = current is None or release.sealed_at > current.sealed_at
            if is_newer and release.name not in served:
                self.remove(self.root / release.name)

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest releases, and those from before an erasure; the current one stays."""
        current, erased = self.current(), forgetting.last(self.home)
        old = [
            release.name
            for place, release in enumerate(self.all())
            if place >= keep or release.sealed_at < erased
        ]
        gone = [name for name in old if not current or name != current.name]
        for name in gone:
            self.remove(self.root / name)
        return gone

    def remove(self, folder: Path) -> None:
        """Remove a folder under a name that nobody takes for a release."""
        doomed = self.root / f"{DRAFT}doomed-{hashlib.sha256(folder.name.encode()).hexdigest()[:8]}"
        if folder != doomed:
            shutil.rmtree(doomed, ignore_errors=True)
            folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    def carry_assets(self, draft: Path) -> int:
        """Keep the former release's hashed files, for pages loaded just before the change."""
        current = self.current()
        old = self.root / current.name / "site" / "assets" if current else None
        new = draft / "site" / "assets"
        if not old or not old.is_dir() or not new.is_dir():
            return 0
        absent = [path for path in old.iterdir() if not (new / path.name).exists()]
        for path in absent:
            os.link(path, new / path.name)
        return len(absent)
