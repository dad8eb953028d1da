"""Which filters a card follows, in words for the card; silent where it follows all of them.

Belongs here: what each kind follows. Not here: the following itself (`static/`).
"""

from __future__ import annotations

from dashboards import formats
from dashboards.report import Card, Report
from dashboards.source_data import PageData

PLACES = ("segment", "region", "source")
# Kinds that show one line a source, unless they have a breakdown.
BY_SOURCE = ("rates", "ranges", "table")


def followed(report: Report, card: Card, data: PageData) -> str:
    """What a reader must know before changing a filter; empty when every filter counts."""
    if not report.has_filters:
        return ""
    if card.kind == "rows":
        return "Not changed by the filters"
    if card.kind == "records":
        day = formats.day(data.run["as_of"])
        return f"As of {day}: follows segment, region and source, not the period"
    if card.kind == "months":
        return "Follows segment, region and source; shows every month, whatever the period"
    if card.kind == "models":
        return f"Follows the period and one of {formats.listed(PLACES)}"
    if card.kind in BY_SOURCE and "breakdown" not in card.options:
        return "Follows period, segment and region; shows every source, whichever is chosen"
    if card.grid:
        along = _along(card, data)
        if not along:
            return "Not changed by the filters"
        which = f"one of {formats.listed(along)}" if len(along) > 1 else along[0]
        return f"Follows {which}, not the period"
    return ""


def _along(card: Card, data: PageData) -> list[str]:
    """The filters along which a grid is kept."""
    assert card.grid
    kept = {choice.partition(":")[0] for choice in card.grid(data).cells}
    return [name for name in PLACES if name in kept]
