"""Numbers of wide choices, shipped as what they have beyond the narrow ones inside them.

All sources of a segment mostly are the sum of its sources, so what is left is mostly 0 and packs to
almost nothing. What does not add up (a deal that no source has, a list cut to its largest) is left
whole, so that every number arrives as the mart gave it. Belongs here: taking off. Its twin
`static/3_nested.js` puts it back. Not here: which numbers a page needs (`payload.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Sizes = tuple[int, int, int]  # How many segments, regions and sources can be chosen, All included.


def holders(place: int, sizes: Sizes) -> list[int]:
    """The wider places of which this one is a part: all sources, all regions of one source, all
    segments of one source and region. All is 0 in each, so they come before it.
    """
    segments, regions, sources = sizes
    source, region = place % sources, place // sources % regions
    segment = place // sources // regions % segments
    found = []
    if source:
        found.append(place - source)
        if region:
            found.append(place - region * sources)
            if segment:
                found.append(place - segment * regions * sources)
    return found


def beyond(
    places: Sequence[int], numbers: Sequence[int | float], sizes: Sizes, lines: Sequence[int] = ()
) -> list[int | float]:
    """Each number less those inside it. `lines`: what each number is of, where a place has several
    (stages, categories); only the same is taken off the same.
    """
    inside: dict[tuple[int, int], int | float] = defaultdict(int)
    of = lines or [0] * len(places)
    for place, line, value in zip(places, of, numbers, strict=True):
        for holder in holders(place, sizes):
            inside[holder, line] += value
    return [
        value - inside[place, line] for place, line, value in zip(places, of, numbers, strict=True)
    ]
