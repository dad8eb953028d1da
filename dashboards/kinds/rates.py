"""Kind `rates`: a dot and its 95 % interval a category, the overall rate as a dotted line.

Options: `metric` (a rate, by source) or `breakdown` (a rate by its own categories).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards import theme
from dashboards.intervals import FEW, TOO_FEW, wilson
from dashboards.kinds.blank import blank
from dashboards.labels import label


@dataclass(frozen=True)
class Rate:
    """A rate of one category: what it counts, of how many."""

    name: str
    hits: float
    total: float


def figure(rows: Sequence[Rate]) -> go.Figure:
    """A dot and its 95 % interval a category, the overall rate as a dotted line."""
    shown = [row for row in rows if row.total >= TOO_FEW]
    ends = [wilson(row.hits, row.total) for row in shown]
    values = [row.hits / row.total for row in shown]
    drawn = blank({"l": 122, "r": 132, "t": 22, "b": 26})
    drawn.add_scatter(
        x=values, y=[label(row.name) for row in shown], mode="markers",
        marker={
            "size": 12, "line": {"color": theme.ACCENT, "width": 2},
            "color": [theme.ACCENT if row.total >= FEW else theme.PAPER for row in shown],
        },
        error_x={
            "type": "data", "symmetric": False, "thickness": 1.6, "width": 0, "color": theme.LINE,
            "array": [high - value for (_, high), value in zip(ends, values, strict=True)],
            "arrayminus": [value - low for (low, _), value in zip(ends, values, strict=True)],
        },
        hovertemplate="%{customdata}<extra></extra>", customdata=[""] * len(shown),
        cliponaxis=False,
    )  # fmt: skip
    drawn.update_xaxes(tickformat=".0%", rangemode="tozero", nticks=6, linecolor=theme.LINE)
    drawn.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return drawn
