"""Which combinations of filters a page ships: all of them, or fewer where it would be too heavy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.source_data import ALL


@dataclass(frozen=True)
class Kept:
    """How many of segment, region and source may be chosen at once: of figures now, of those that
    they are compared with, and the same of breakdowns. A large company's page keeps fewer, to stay
    light; the page says so where a choice has no numbers.
    """

    now: int = 3
    before: int = 3
    parts: int = 3
    parts_before: int = 3

    def holds(self, compare: str, chosen: Iterable[str], *, of_parts: bool = False) -> bool:
        """Whether the page ships this choice."""
        most = {
            (True, False): self.now, (False, False): self.before,
            (True, True): self.parts, (False, True): self.parts_before,
        }[(compare == "current", of_parts)]  # fmt: skip
        return sum(value != ALL for value in chosen) <= most


# From everything to what every page can carry; a page takes the first that is light enough.
LADDER = (
    Kept(), Kept(3, 2, 2, 0), Kept(3, 2, 1, 0), Kept(3, 1, 1, 0), Kept(2, 1, 1, 0),
    Kept(1, 1, 1, 0), Kept(1, 0, 0, 0),
)  # fmt: skip
