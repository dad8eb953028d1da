"""Kind `waterfall`: how one amount became another, step by step, each bar begun where the one
before ended.

Options: `breakdown` (of amounts or counts, its categories in their own order); `ends`, the
categories that are levels and not steps (opening and closing); `good` and `bad`, steps whose colour
says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.breakdowns import Part
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(
    rows: Sequence[Part],
    *,
    ends: Sequence[str],
    good: Sequence[str] = (),
    bad: Sequence[str] = (),
    currency: str | None = None,
) -> go.Figure:
    """Levels stand on the ground, steps hang where the one before ended."""
    names = [label(row.name) for row in rows]
    drawn = blank({"l": 8, "r": 8, "t": 26, "b": 40})
    bases, sizes, colours, texts = [], [], [], []
    for row in rows:
        size = row.numerator or 0
        is_level = row.category in ends
        # What the mart summed up to here, less the step itself: where the step before ended.
        base = 0 if is_level else (row.cumulative or 0) - size
        bases.append(base + min(size, 0))
        sizes.append(abs(size))
        colours.append(
            theme.LEVEL if is_level else theme.GOOD if row.category in good
            else theme.LATE if row.category in bad else theme.ACCENT
        )  # fmt: skip
        shown = formats.money(size, currency) if currency else formats.count(size)
        texts.append(shown if is_level or size <= 0 else f"+{shown}")
    drawn.add_bar(
        x=names, y=sizes, base=bases, marker={"color": colours}, width=0.66, text=texts,
        textposition="outside", cliponaxis=False, textfont={"color": theme.INK},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"{name}: {text}" for name, text in zip(names, texts, strict=True)],
    )  # fmt: skip
    drawn.update_xaxes(type="category", showgrid=False, linecolor=theme.LINE, showline=True,
                       tickfont={"color": theme.INK}, tickangle=0)  # fmt: skip
    drawn.update_yaxes(visible=False, rangemode="tozero")
    return drawn
