"""A small drawing of a figure, for places that show SVG but run no script (the asset's metadata).

Bars, lines and dots only, without text: a glance, not a chart to read numbers from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

WIDTH, HEIGHT, EDGE = 320, 120, 6
MOST_MARKS = 400


def drawing(figure: go.Figure) -> str:
    """The figure's bars, lines or dots as SVG."""
    traces = figure.to_plotly_json()["data"]
    bars = [trace for trace in traces if trace["type"] == "bar"]
    if bars and bars[0].get("orientation") == "h":
        marks = _lying(bars)
    elif bars:
        marks = _standing(bars)
    elif traces and traces[0].get("mode") == "lines":
        marks = _lines(traces)
    else:
        marks = [mark for trace in traces for mark in _dots(trace)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(marks[:MOST_MARKS])}</svg>'
    )


def _lying(bars: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = len(bars[0]["x"]) or 1
    starts = [list(bar.get("base") or [None] * rows) for bar in bars]
    longest = max(
        [
            sum((bar["x"][row] or 0) + (starts[n][row] or 0) for n, bar in enumerate(bars))
            for row in range(len(bars[0]["x"]))
        ],
        default=0,
    )
    step, scale = (HEIGHT - 2 * EDGE) / rows, (WIDTH - 2 * EDGE) / (longest or 1)
    marks = []
    for row in range(len(bars[0]["x"])):
        at = 0.0
        for number, bar in enumerate(bars):
            at += starts[number][row] or 0
            size = bar["x"][row] or 0
            place = (EDGE + at * scale, EDGE + row * step, size * scale, step * 0.7)
            marks.append(_box(*place, _colour(bar, row)))
            at += size
    return marks


def _standing(bars: Sequence[Mapping[str, Any]]) -> list[str]:
    columns = len(bars[0]["y"]) or 1
    tallest = max(
        (sum(max(0, bar["y"][n] or 0) for bar in bars) for n in range(len(bars[0]["y"]))), default=0
    )
    step, scale = (WIDTH - 2 * EDGE) / columns, (HEIGHT - 2 * EDGE) / (tallest or 1)
    marks = []
    for column in range(len(bars[0]["y"])):
        at = float(HEIGHT - EDGE)
        for bar in bars:
            size = max(0, bar["y"][column] or 0) * scale
            at -= size
            place = (EDGE + column * step, at, step * 0.75, size)
            marks.append(_box(*place, _colour(bar, column)))
    return marks


def _lines(traces: Sequence[Mapping[str, Any]]) -> list[str]:
    known = [value for trace in traces for value in trace["y"] if value is not None]
    steps = max((len(trace["y"]) for trace in traces), default=1)
    across = (WIDTH - 2 * EDGE) / max(1, steps - 1)
    up = (HEIGHT - 2 * EDGE) / (max(known or [1]) or 1)
    marks = []
    for trace in reversed(traces):  # the strong lines come first, and are drawn last
        points = " ".join(
            f"{EDGE + place * across:.1f},{HEIGHT - EDGE - value * up:.1f}"
            for place, value in enumerate(trace["y"])
            if value is not None
        )
        line = trace["line"]
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{line["color"]}" '
            f'stroke-width="{line["width"]}"/>'
        )
    return marks


def _colour(bar: Mapping[str, Any], place: int) -> str:
    given = bar["marker"]["color"]
    return str(given if isinstance(given, str) else given[place])


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    if width < 0.2 or height < 0.2:
        return ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
    )


def _dots(trace: Mapping[str, Any]) -> list[str]:
    values = [value or 0 for value in trace.get("x") or []]
    if not values:
        return []
    errors = trace.get("error_x") or {}
    above = list(errors.get("array") or [0] * len(values))
    below = list(errors.get("arrayminus") or [0] * len(values))
    widest = max(value + more for value, more in zip(values, above, strict=True)) or 1
    scale, step = (WIDTH - 2 * EDGE) / widest, (HEIGHT - 2 * EDGE) / len(values)
    colour = trace["marker"]["line"]["color"]
    marks = []
    for row, value in enumerate(values):
        y = EDGE + (row + 0.5) * step
        start, end = (EDGE + scale * x for x in (value - below[row], value + above[row]))
        marks.append(
            f'<path d="M{start:.1f} {y:.1f}H{end:.1f}" stroke="{colour}" opacity=".5"/>'
            f'<circle cx="{EDGE + scale * value:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        )
    return marks
