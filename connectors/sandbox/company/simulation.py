"""A clock and a queue of what happens next; everything happens in the order of time.

Since each change is made when its moment comes, versions, histories and stamps agree by
construction. What happens is decided elsewhere; this only keeps the order.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime


class Simulation:
    """Runs what was planned, moment by moment; the same plans give the same run."""

    def __init__(self, begin: datetime) -> None:
        self.now = begin
        self._queue: list[tuple[datetime, int, Callable[..., object], tuple[object, ...]]] = []
        self._planned = 0

    def at(self, moment: datetime, action: Callable[..., object], *args: object) -> None:
        """Plan an action; a moment that has passed means at once, after what is planned for now."""
        self._planned += 1
        heapq.heappush(self._queue, (max(moment, self.now), self._planned, action, args))

    def run_until(self, moment: datetime) -> None:
        """Let everything happen that is planned up to and including this moment."""
        while self._queue and self._queue[0][0] <= moment:
            self.now, _, action, args = heapq.heappop(self._queue)
            action(*args)
        self.now = max(self.now, moment)
