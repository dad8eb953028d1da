"""Kind `months`: stacked bars a month by source, dotted lines where a definition changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.kinds.blank import blank
from dashboards.labels import label


def figure(
    calendar: Sequence[date],
    series: Sequence[tuple[str, str, Sequence[float]]],
    changes: Sequence[tuple[date, str]],
    currency: str,
) -> go.Figure:
    """Stacked bars a month; dotted lines where a definition changed."""
    drawn = blank({"l": 62, "r": 8, "t": 30, "b": 44})
    for name, colour, values in series:
        drawn.add_bar(
            x=[month.isoformat() for month in calendar], y=list(values), name=label(name),
            marker={"color": colour, "line": {"color": theme.PAPER, "width": 0.6}},
            hovertemplate="%{x|%b %Y} · %{customdata}<extra></extra>",
            customdata=[""] * len(calendar),
        )  # fmt: skip
    for month, text in changes:
        at = month.isoformat()
        drawn.add_shape(
            type="line", x0=at, x1=at, y0=0, y1=1, yref="paper",
            line={"color": theme.REFERENCE, "width": 1.2, "dash": "dot"},
        )  # fmt: skip
        drawn.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", xanchor="left", text=label(text),
            showarrow=False, font={"size": 11, "color": theme.MUTED},
        )  # fmt: skip
    symbol = formats.SYMBOLS.get(currency, f"{currency} ")
    drawn.update_layout(barmode="stack", bargap=0.22)
    step = "M1" if len(calendar) < 9 else "M3"
    drawn.update_xaxes(type="date", tickformat="%b\n%Y", showgrid=False, dtick=step)
    drawn.update_yaxes(tickprefix=label(symbol), tickformat="~s", rangemode="tozero", nticks=6)
    return drawn
