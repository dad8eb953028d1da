"""Kind `lines`: a line a row of a grid (vintage curves), the newest ones named at their ends.

Options: `strong`, how many of the newest rows are drawn in colour and named (default 3); `axis`,
what the columns are.
"""

from __future__ import annotations

import plotly.graph_objects as go

from dashboards import theme
from dashboards.grids import Grid
from dashboards.intervals import TOO_FEW
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(grid: Grid, *, strong: int = 3, axis: str = "") -> go.Figure:
    """Shares of each row over the columns; cells that are not yet observed end a line."""
    drawn = blank({"l": 44, "r": 84, "t": 12, "b": 44})
    columns = [label(name) for name in grid.columns]
    for place, (name, cells) in enumerate(zip(grid.rows, grid.everybody(), strict=True)):
        is_strong = place < strong
        shares = [cell[0] / cell[1] if cell and cell[1] >= TOO_FEW else None for cell in cells]
        drawn.add_scatter(
            x=columns, y=shares, mode="lines", name=label(name), cliponaxis=False,
            line={
                "color": (theme.STRONG[place % len(theme.STRONG)] if is_strong else theme.LINE),
                "width": 2.2 if is_strong else 1,
            },
            hovertemplate="%{customdata}<extra></extra>", customdata=[""] * len(columns),
        )  # fmt: skip
        known = [number for number, share in enumerate(shares) if share is not None]
        if is_strong and known:
            drawn.add_annotation(
                x=columns[known[-1]], y=shares[known[-1]], text=label(name), showarrow=False,
                xanchor="left", xshift=6, font={"size": 12, "color": theme.INK},
            )  # fmt: skip
    drawn.update_xaxes(
        type="category", showgrid=False, linecolor=theme.LINE, showline=True,
        title={"text": label(axis), "standoff": 6, "font": {"size": 12, "color": theme.MUTED}},
    )  # fmt: skip
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=6)
    return drawn
