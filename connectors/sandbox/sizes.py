"""Land a simulated company of any size: the small ones as they are, big ones as copies of a demo.

Only which size is made how belongs here; landing is `straight`, copying is `tiles`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from math import ceil
from pathlib import Path

from connectors.landing import Landing
from connectors.sandbox import company, straight, tiles

# People, about; each has one or more of the records that are leads and contacts.
BIG = {"100k": 100_000, "1m": 1_000_000}
SIZES = ("small", "demo", *BIG)
Told = Callable[[str, int, int], None]


def land(
    size: str, seed: int, landing: Landing, told: Told = lambda what, done, total: None
) -> tuple[int, int, datetime]:
    """Land a company; return its people, the rows, and the moment up to which it is complete.

    Raises ValueError for a size that there is not.
    """
    if size not in SIZES:
        raise ValueError(f"size {size!r} is unknown; use one of {', '.join(SIZES)}")
    told("the company", 0, 1)
    world, truth = company.build_with_truth("demo" if size in BIG else size, seed)
    people = len(truth.people)
    if size not in BIG:
        return people, straight.land(world, landing, lambda name, _: told(name, 1, 1)), world.now
    copies = ceil(BIG[size] / people)
    with tempfile.TemporaryDirectory(dir=landing.root, prefix=".base-") as folder:
        base = Landing(Path(folder))
        straight.land(world, base)
        return people * copies, tiles.tile(base, landing, copies, world.now, told), world.now
