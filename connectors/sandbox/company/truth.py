"""What really happened in the simulated company, kept apart from what the APIs show.

Tests compare the shared definitions with this; no API and no model reads it. Moments are naive UTC,
whole seconds. Everything is as of the company's clock: what happens later is not in it. A person
or deal that `is_unrecorded` went through something of which no system kept a trace: it lies before
field history was switched on, or hung on an archived contact. Its rows say what happened all the
same, but nobody can ask the definitions to know it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass
class Truth:
    """Rows by what they are about; people are numbered, a number and an attempt name an episode."""

    people: list[Row] = field(default_factory=list)  # with the records that stand for each
    episodes: list[Row] = field(default_factory=list)
    acceptances: list[Row] = field(default_factory=list)  # one an MQL
    rejections: list[Row] = field(default_factory=list)
    follow_ups: list[Row] = field(default_factory=list)  # one an MQL
    opportunities: list[Row] = field(default_factory=list)
    cases: dict[str, list[str]] = field(default_factory=dict)  # edge-case id -> record ids

    def write(self, path: Path) -> None:
        """Write it as one JSON file."""
        path.write_text(json.dumps(asdict(self), indent=1, default=str) + "\n", encoding="utf-8")
