"""Kind `bars`: ranked horizontal bars with count, share and cumulative share as text, and the
period before as a tick.

Options: `breakdown` (of counts or amounts).
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
    currency: str | None = None,
) -> go.Figure:
    """Bars of counts, or of amounts when a currency is given; `before` by category."""
    names = [label(row.name) for row in rows]
    before = before or {}
    drawn = blank({"l": 152, "r": 190, "t": 6, "b": 6})
    drawn.add_bar(
        x=[row.numerator for row in rows], y=names, orientation="h", width=0.58,
        marker={"color": [theme.GAP if row.is_gap else theme.ACCENT for row in rows]},
        text=texts(rows, currency), textposition="none",
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"{name}: {text}" for name, text in zip(names, texts(rows, currency),
                                                            strict=True)],
    )  # fmt: skip
    drawn.add_scatter(
        x=[before.get(row.category) for row in rows], y=names, mode="markers", hoverinfo="skip",
        marker={
            "symbol": "line-ns", "size": 20, "line": {"width": 2, "color": theme.INK},
            "color": theme.INK,
        },
    )  # fmt: skip
    for name, text in zip(names, texts(rows, currency), strict=True):
        drawn.add_annotation(
            x=1, y=name, xref="paper", xanchor="left", xshift=10, text=text, showarrow=False,
            font={"size": 12, "color": theme.INK},
        )  # fmt: skip
    drawn.update_xaxes(visible=False, rangemode="tozero")
    drawn.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return drawn


def texts(rows: Sequence[Part], currency: str | None) -> list[str]:
    """`136   23%   cum. 46%`; of fewer than ten records the count alone."""
    total = rows[-1].cumulative if rows else 0
    records = sum(row.n for row in rows)
    found = []
    for row in rows:
        parts = [formats.money(row.numerator, currency) if currency else formats.count(row.n)]
        if records >= TOO_FEW and total:
            parts.append(formats.percent((row.numerator or 0) / total))
            parts.append(f"cum. {formats.percent((row.cumulative or 0) / total)}")
        found.append("   ".join(parts))
    return found
