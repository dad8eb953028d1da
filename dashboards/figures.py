"""Figures that several pages use, built and owned here; they draw in a notebook as on a page.

Each takes rows of looked-up numbers and gives a `go.Figure`. In the browser the same figure is
kept and only its numbers are swapped (`static/5_charts.js`, by `kind`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.intervals import FEW, TOO_FEW, wilson
from dashboards.labels import label


@dataclass(frozen=True)
class Rate:
    """A rate of one category: what it counts, of how many."""

    name: str
    hits: float
    total: float


def stages(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """How far people get: a bar a stage, a pale one for those who are not yet decided."""
    names = [label(row["label"]) for row in rows]
    reached = [row["reached"] for row in rows]
    figure = _figure(margin={"l": 92, "r": 8, "t": 4, "b": 4})
    figure.add_bar(
        x=reached, y=names, orientation="h", marker={"color": theme.ACCENT}, hoverinfo="skip"
    )
    figure.add_bar(
        x=[row["undecided"] for row in rows], y=names, orientation="h",
        marker={"color": theme.PALE}, text=[formats.count(value) for value in reached],
        textposition="outside", cliponaxis=False, hoverinfo="skip",
        textfont={"color": theme.INK},
    )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.42)
    figure.update_xaxes(visible=False, range=[0, max(reached or [1]) * 1.6])
    figure.update_yaxes(autorange="reversed", tickfont={"color": theme.INK})
    return figure


def rates(rows: Sequence[Rate]) -> go.Figure:
    """A dot and its 95 % interval a category, the overall rate as a dotted line."""
    shown = [row for row in rows if row.total >= TOO_FEW]
    ends = [wilson(row.hits, row.total) for row in shown]
    values = [row.hits / row.total for row in shown]
    figure = _figure(margin={"l": 122, "r": 132, "t": 22, "b": 26})
    figure.add_scatter(
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
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", nticks=6, linecolor=theme.LINE)
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return figure


def ranges(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """The middle half as a bar and the median as a tick, a category."""
    names = [label(row["label"]) for row in rows]
    figure = _figure(margin={"l": 122, "r": 96, "t": 22, "b": 40})
    figure.add_bar(
        x=[row["p75"] - row["p25"] for row in rows], base=[row["p25"] for row in rows], y=names,
        orientation="h", marker={"color": theme.PALE}, width=0.46,
        hovertemplate="%{customdata}<extra></extra>", customdata=[""] * len(rows),
    )  # fmt: skip
    figure.add_scatter(
        x=[row["value"] for row in rows], y=names, mode="markers", hoverinfo="skip",
        marker={
            "symbol": "line-ns", "size": 15, "line": {"width": 3, "color": theme.ACCENT},
        },
    )  # fmt: skip
    figure.update_xaxes(
        rangemode="tozero",
        nticks=6,
        title={"text": "days", "standoff": 6, "font": {"size": 12, "color": theme.MUTED}},
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return figure


def months(
    calendar: Sequence[date],
    series: Sequence[tuple[str, str, Sequence[float]]],
    changes: Sequence[tuple[date, str]],
    currency: str,
) -> go.Figure:
    """Stacked bars a month; dotted lines where a definition changed."""
    figure = _figure(margin={"l": 62, "r": 8, "t": 30, "b": 44})
    for name, colour, values in series:
        figure.add_bar(
            x=[month.isoformat() for month in calendar], y=list(values), name=label(name),
            marker={"color": colour, "line": {"color": theme.PAPER, "width": 0.6}},
            hovertemplate="%{x|%b %Y} · %{customdata}<extra></extra>",
            customdata=[""] * len(calendar),
        )  # fmt: skip
    for month, text in changes:
        at = month.isoformat()
        figure.add_shape(
            type="line", x0=at, x1=at, y0=0, y1=1, yref="paper",
            line={"color": theme.REFERENCE, "width": 1.2, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", xanchor="left", text=label(text),
            showarrow=False, font={"size": 11, "color": theme.MUTED},
        )  # fmt: skip
    symbol = formats.SYMBOLS.get(currency, f"{currency} ")
    figure.update_layout(barmode="stack", bargap=0.22)
    figure.update_xaxes(type="date", tickformat="%b\n%Y", showgrid=False, nticks=12)
    figure.update_yaxes(tickprefix=label(symbol), tickformat="~s", rangemode="tozero", nticks=6)
    return figure


def _figure(margin: Mapping[str, int]) -> go.Figure:
    return go.Figure(layout={"template": theme.template(), "margin": dict(margin)})
