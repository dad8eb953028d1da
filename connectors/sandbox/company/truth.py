"""What really happened in the simulated company, kept apart from what the APIs show.

Tests compare the shared definitions with this; no API and no model reads it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Truth:
    """Who became an MQL when and why, who was accepted, which source led to each opportunity."""

    mqls: list[dict[str, Any]] = field(default_factory=list)
    opportunities: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    cases: dict[str, list[str]] = field(default_factory=dict)  # edge-case id -> record ids

    def write(self, path: Path) -> None:
        """Write it as one JSON file."""
        path.write_text(json.dumps(asdict(self), indent=1, default=str) + "\n", encoding="utf-8")
