"""Kind `matrix`: a heat map that is a real table, shares of rows by columns; a blank cell is not
yet observed. On a page the browser makes the table; the figure here is for notebooks.
"""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import theme
from dashboards.grids import Grid
from dashboards.intervals import TOO_FEW
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(grid: Grid) -> go.Figure:
    """A heat map of the shares when nothing is chosen."""
    shares = [
        [cell[0] / cell[1] if cell and cell[1] >= TOO_FEW else None for cell in row]
        for row in grid.everybody()
    ]
    drawn = blank({"l": 92, "r": 8, "t": 28, "b": 8})
    drawn.add_heatmap(
        z=shares, x=[label(name) for name in grid.columns], y=[label(name) for name in grid.rows],
        colorscale=[[0, theme.PALE], [1, theme.ACCENT]], texttemplate="%{z:.0%}", showscale=False,
    )  # fmt: skip
    drawn.update_xaxes(side="top", type="category")
    drawn.update_yaxes(autorange="reversed", type="category")
    return drawn
