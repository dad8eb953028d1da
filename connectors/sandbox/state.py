"""What outlives a local CRM's process: which world it served, its clock, port and process id.

One JSON file, `$ONEFUNNEL_HOME/sandbox/state.json`, replaced whole.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True)
class SandboxState:
    """A local CRM as last seen. `load` is the folder of real records, else size and seed count."""

    size: str | None
    seed: int | None
    load: str | None
    now: str
    port: int
    pid: int


def path_in(home: Path) -> Path:
    """Return where the state lies in a home folder."""
    return home / "sandbox" / "state.json"


def read(home: Path) -> SandboxState | None:
    """Return the last state, None when no local CRM ever ran with this home."""
    path = path_in(home)
    try:
        return SandboxState(**orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (TypeError, orjson.JSONDecodeError) as error:
        raise ValueError(f"{path}: not a sandbox state ({error}); delete the file") from None


def write(home: Path, state: SandboxState) -> None:
    """Replace the state at once, so that a reader sees the old or the new one."""
    path = path_in(home)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".state.{os.getpid()}.json")
    draft.write_bytes(orjson.dumps(asdict(state)))
    draft.replace(path)
