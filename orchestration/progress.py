"""Tell whoever started a run in this process how far it is; silent in the UI's processes."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str, str, int, int | None], None]
LISTENERS: list[Listener] = []


def tell(stage: str, what: str, done: int, total: int | None = None) -> None:
    """Say that `done` of `total` of a stage are done, and what is worked on."""
    for listener in LISTENERS:
        listener(stage, what, done, total)
