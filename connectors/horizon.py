"""From when on the landing holds every version: before that, retention has removed some."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from connectors.errors import LandingDamaged, WrongSettings
from connectors.manifest import force_to_disk

FILE = "versions-since"


def write(root: Path, since: datetime) -> None:
    """Note it before anything is removed; it never moves back."""
    known = read(root)
    if known and known >= since:
        return
    draft = root / f".{FILE}.{os.getpid()}"
    draft.write_text(since.isoformat(), encoding="utf-8")
    force_to_disk(draft)
    draft.replace(root / FILE)
    force_to_disk(root)


def read(root: Path) -> datetime | None:
    """The moment, None when everything was kept."""
    path = root / FILE
    try:
        return datetime.fromisoformat(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise LandingDamaged(
            f"{path} holds no time", remedy="Write the time since which all versions are kept"
        ) from None


def require(root: Path, known_at: datetime) -> None:
    """Refuse to show a date of which versions were removed."""
    since = read(root)
    if since and known_at < since:
        raise WrongSettings(
            f"what was known on {known_at:%Y-%m-%d} is not kept: versions go back to {since:%F}",
            remedy="Ask for a later date, or keep versions longer (ONEFUNNEL_KEEP_VERSIONS_DAYS)",
        )
