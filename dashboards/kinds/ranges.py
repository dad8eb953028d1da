"""Kind `ranges`: the middle half as a bar and the median as a tick, a category.

Options: `metric` (days, by source) or `breakdown` (days by its own categories).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboards import theme
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """The middle half as a bar and the median as a tick, a category."""
    names = [label(row["label"]) for row in rows]
    drawn = blank({"l": 122, "r": 96, "t": 22, "b": 40})
    drawn.add_bar(
        x=[row["p75"] - row["p25"] for row in rows], base=[row["p25"] for row in rows], y=names,
        orientation="h", marker={"color": theme.PALE}, width=0.46,
        hovertemplate="%{customdata}<extra></extra>", customdata=[""] * len(rows),
    )  # fmt: skip
    drawn.add_scatter(
        x=[row["value"] for row in rows], y=names, mode="markers", hoverinfo="skip",
        marker={
            "symbol": "line-ns", "size": 15, "line": {"width": 3, "color": theme.ACCENT},
        },
    )  # fmt: skip
    drawn.update_xaxes(
        rangemode="tozero",
        nticks=6,
        title={"text": "days", "standoff": 6, "font": {"size": 12, "color": theme.MUTED}},
    )
    drawn.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return drawn
