"""How a vendor's own schema has changed: fields that came, went or got another type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Drift:
    """One field that a vendor added (`was` empty), removed (`now` empty) or retyped."""

    at: str
    field: str
    was: str
    now: str

    def words(self) -> str:
        """As a person reads it."""
        if not self.was:
            return f"new field {self.field}"
        if not self.now:
            return f"removed field {self.field}"
        return f"{self.field} was {self.was}, is {self.now}"


def drifts(before: Mapping[str, str], now: Mapping[str, str], at: datetime) -> list[Drift]:
    """Which fields a vendor has added, removed or retyped since the last reading."""
    if not before or not now:
        return []
    moment = at.isoformat(timespec="seconds")
    return [
        Drift(moment, name, before.get(name, ""), now.get(name, ""))
        for name in sorted({*before, *now})
        if before.get(name, "") != now.get(name, "")
    ]
