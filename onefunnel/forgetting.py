"""Releases from before an erasure: they hold no names or addresses, but ids of records.

They go when the next release is served, whether by the erasing command or, when that was cut off,
by any later run. The records behind restatements are ids too: they go at once, and a release that
is compared with one from before an erasure keeps none.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from connectors.manifest import force_to_disk
from onefunnel.home import Home
from review import ledger

FILE = ".erased-at"


def note(home: Home) -> None:
    """Say that somebody is erased now."""
    path = home.releases / FILE
    path.write_text(datetime.now(UTC).isoformat(timespec="seconds"), encoding="utf-8")
    force_to_disk(path)
    force_to_disk(home.releases)
    shutil.rmtree(home.ledger / ledger.RECORDS, ignore_errors=True)


def is_before(home: Home, sealed_at: str) -> bool:
    """Whether a release was sealed before somebody was erased."""
    return sealed_at <= last(home)


def last(home: Home) -> str:
    """When somebody was erased last, in the words of a seal; empty when nobody ever was."""
    path = home.releases / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
