"""The registry of versions: who agreed to what, when, and what it did; read from the agreements.

A row is one wording of one version: a rewrite that moves no number is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from review.agreements import TEAMS, Agreement, read


@dataclass(frozen=True)
class Entry:
    """One wording of one version of a definition."""

    definition: str
    version: int
    rule: str
    changed_on: date
    agreed: Mapping[str, Agreement] = field(default_factory=dict)

    def agreed_on(self, team: str) -> date | None:
        """When a team agreed."""
        return self.agreed[team].agreed_on if team in self.agreed else None

    @property
    def last_agreed_on(self) -> date:
        """When the second team agreed, or the only one."""
        return max(one.agreed_on for one in self.agreed.values())

    @property
    def reviewed_on(self) -> date | None:
        """Since when nobody of one team has looked at it; nothing while one never did."""
        return min(one.reviewed_on for one in self.agreed.values()) if self.is_agreed else None

    @property
    def is_agreed(self) -> bool:
        """Whether both teams did."""
        return all(team in self.agreed for team in TEAMS)

    @property
    def effect(self) -> str:
        """What the change did, in the words of who said so; both when they differ."""
        return said(one.effect for one in self.agreed.values())

    @property
    def pull_request(self) -> str:
        """Where it was discussed."""
        return said(one.pull_request for one in self.agreed.values())

    @property
    def headline(self) -> Mapping[str, float]:
        """Figures of the release that was looked at."""
        return next((one.headline for one in self.agreed.values() if one.headline), {})


def said(texts: object) -> str:
    """Different words once each."""
    return " / ".join(dict.fromkeys(text for text in texts if text))  # type: ignore[attr-defined]


def entries(project: Path, name: str) -> list[Entry]:
    """Every wording of a definition that anybody agreed to, newest first."""
    found: dict[tuple[int, str], dict[str, Agreement]] = {}
    # Two wordings may be of one day: then the order within a file tells which came later.
    place: dict[tuple[int, str], int] = {}
    for team in TEAMS:
        for number, one in enumerate(reversed(read(project, name, team))):
            key = (one.version, one.rule)
            found.setdefault(key, {})[team] = one
            place[key] = max(place.get(key, 0), number)
    rows = [
        Entry(name, version, rule, max(one.changed_on for one in agreed.values()), agreed)
        for (version, rule), agreed in found.items()
    ]
    return sorted(
        rows,
        key=lambda row: (row.version, row.last_agreed_on, place[row.version, row.rule]),
        reverse=True,
    )


def versions(project: Path, name: str) -> list[Entry]:
    """One row a version, newest first: its last wording."""
    found: dict[int, Entry] = {}
    for row in entries(project, name):
        found.setdefault(row.version, row)
    return list(found.values())
