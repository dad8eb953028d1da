"""Kind `stages`: how far people get, a bar a stage, a pale one for those not yet decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How far people get: a bar a stage, a pale one for those who are not yet decided."""
    names = [label(row["label"]) for row in rows]
    reached = [row["reached"] for row in rows]
    drawn = blank({"l": 92, "r": 8, "t": 4, "b": 4})
    drawn.add_bar(
        x=reached, y=names, orientation="h", marker={"color": theme.ACCENT}, hoverinfo="skip"
    )
    drawn.add_bar(
        x=[row["undecided"] for row in rows], y=names, orientation="h",
        marker={"color": theme.PALE}, text=[formats.count(value) for value in reached],
        textposition="outside", cliponaxis=False, hoverinfo="skip",
        textfont={"color": theme.INK},
    )  # fmt: skip
    drawn.update_layout(barmode="stack", bargap=0.42)
    drawn.update_xaxes(visible=False, range=[0, max(reached or [1]) * 1.6])
    drawn.update_yaxes(autorange="reversed", tickfont={"color": theme.INK})
    return drawn
