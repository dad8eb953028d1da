"""Kind `columns`: ordered categories as standing bars (time to first touch, ages), the period
before as a tick, and a reference line such as an agreed deadline.

Options: `breakdown` (of counts, its categories with an order of their own); `after`, the category
after which the reference line stands, and `line`, what is written there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.breakdowns import Part
from dashboards.intervals import TOO_FEW
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(
    rows: Sequence[Part],
    before: Mapping[str, float] | None = None,
    *,
    after: str = "",
    line: str = "",
) -> go.Figure:
    """Bars in the order of the categories; those beyond the reference line in another colour."""
    names = [label(row.name) for row in rows]
    place = next((n for n, row in enumerate(rows) if after in (row.category, row.name)), len(rows))
    total = rows[-1].cumulative if rows else 0
    is_enough = bool(total) and sum(row.n for row in rows) >= TOO_FEW
    drawn = blank({"l": 8, "r": 8, "t": 34, "b": 34})
    drawn.add_bar(
        x=names, y=[row.numerator for row in rows], width=0.74, cliponaxis=False,
        marker={
            "color": [
                theme.GAP if row.is_gap else theme.LATE if n > place else theme.ACCENT
                for n, row in enumerate(rows)
            ]
        },
        text=[
            formats.percent((row.numerator or 0) / (total or 1)) if is_enough
            else formats.count(row.numerator)
            for row in rows
        ],
        textposition="none",
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"{name}: {formats.count(row.numerator)}"
                    for name, row in zip(names, rows, strict=True)],
    )  # fmt: skip
    drawn.add_scatter(
        x=names, y=[(before or {}).get(row.category) for row in rows], mode="markers",
        hoverinfo="skip",
        marker={"symbol": "line-ew", "size": 36, "line": {"width": 2, "color": theme.INK}},
    )  # fmt: skip
    for name, row, text in zip(names, rows, drawn.data[0].text, strict=True):
        top = max(row.numerator or 0, (before or {}).get(row.category) or 0)
        drawn.add_annotation(x=name, y=top, yanchor="bottom", text=text, showarrow=False)
    if place < len(rows):
        drawn.add_shape(
            type="line", x0=place + 0.5, x1=place + 0.5, y0=0, y1=1, yref="paper",
            line={"color": theme.REFERENCE, "width": 1.2, "dash": "dot"},
        )  # fmt: skip
        drawn.add_annotation(
            x=place + 0.5, y=1, yref="paper", yanchor="bottom", text=label(line), showarrow=False,
            font={"size": 12, "color": theme.MUTED},
        )  # fmt: skip
    drawn.update_xaxes(type="category", showgrid=False, linecolor=theme.LINE, showline=True,
                       tickfont={"color": theme.INK}, tickangle=0)  # fmt: skip
    drawn.update_yaxes(visible=False, rangemode="tozero")
    return drawn
