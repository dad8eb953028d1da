"""Colours and the one Plotly template. Hue says whose it is: blue marketing, orange sales, green
partners, grey what nobody recorded. The browser swaps each light colour for its dark twin, so
every colour here has exactly one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import plotly.graph_objects as go

FONT = 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif'

# light -> dark
INK, MUTED, LINE, GRID = "#1b2430", "#5a6576", "#a9b4c4", "#e6eaf0"
ACCENT, PALE, REFERENCE, PAPER = "#1c5d9f", "#c7d8ea", "#434f60", "#ffffff"
# Beyond what was agreed or lost, reached, a level, what was not given; each also said in words.
LATE, GOOD, LEVEL, GAP = "#b8560f", "#0b7352", "#b3bbc9", "#b4bcc8"
STRONG = ("#1d5e9e", "#c2570e", "#1e897a", "#7c709b")
# What the browser may ask for by name.
NAMED: Mapping[str, str] = {
    "ink": INK, "muted": MUTED, "line": LINE, "accent": ACCENT, "reference": REFERENCE,
    "paper": PAPER, "late": LATE, "good": GOOD, "level": LEVEL, "gap": GAP,
}  # fmt: skip
_RAMPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "marketing": (
        ("#0b3a6e", "#3b7cc4"),
        ("#2468b2", "#6ba6e6"),
        ("#5b9bdb", "#a3c9f3"),
        ("#93c0ee", "#d3e6fb"),
        ("#4c7ea8", "#5f8fb9"),
        ("#7ab0c9", "#8fc3db"),
        ("#b9d5ea", "#bcd9ef"),
        ("#33597d", "#48749e"),
        ("#6f93b7", "#7da3c8"),
        ("#a7bdd3", "#93adc8"),
        ("#164f86", "#2f6cae"),
        ("#c9def2", "#e4f0fc"),
    ),
    "sales": (
        ("#bf560f", "#e07b35"),
        ("#eeae79", "#f7c499"),
        ("#8f3f0a", "#b9601f"),
        ("#d98648", "#eb9f62"),
        ("#f6d2b3", "#fbe0ca"),
    ),
    "partner": (("#1f8a7a", "#45c1ab"), ("#74bfb2", "#8ed9cb"), ("#12655a", "#2c9483")),
    "various": (("#7b6f9c", "#a498c9"),),
    "unknown": (("#98a2b0", "#6d7989"), ("#b9c1cc", "#8d98a7"), ("#d3d8e0", "#aab4c1")),
}
DARK: Mapping[str, str] = {
    INK: "#e8edf4",
    MUTED: "#a4b0c0",
    LINE: "#4b5767",
    GRID: "#27313d",
    ACCENT: "#6aa9e9",
    PALE: "#2d4763",
    REFERENCE: "#b9c4d2",
    PAPER: "#171d25",
    LATE: "#e08040",
    GOOD: "#3fb795",
    LEVEL: "#667387",
    GAP: "#5e6b7c",
    **dict(zip(STRONG, ("#6baaea", "#e17c36", "#46c2ac", "#a599ca"), strict=True)),
    **{light: dark for ramp in _RAMPS.values() for light, dark in ramp},
}


def source_colours(sources: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One colour a (source, team), shades of the team's hue in the order given."""
    used: dict[str, int] = {}
    found = {}
    for source, team in sources:
        ramp = _RAMPS.get(team, _RAMPS["unknown"])
        found[source] = ramp[used.get(team, 0) % len(ramp)][0]
        used[team] = used.get(team, 0) + 1
    return found


def template() -> go.layout.Template:
    """Quiet axes, no chrome: the numbers are written beside the marks."""
    axis = {
        "gridcolor": GRID,
        "linecolor": LINE,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "tickfont": {"color": MUTED, "size": 12},
        "automargin": False,
        "title": {"standoff": 8},
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8, "pad": 6},
            "xaxis": axis,
            "yaxis": axis,
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": {"color": INK}},
            "bargap": 0.28,
        }
    )
