"""Draw the benchmark as plain SVG: seconds against people, both on logarithmic scales."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 380, 70, 46, 150, 52
LINES = (("wall_seconds", "#1f5fbf", "wall"), ("cpu_seconds", "#d97706", "CPU (user + system)"))
PEOPLE, SECONDS = (4_000, 1_500_000), (10, 1_000)


def x_of(people: float) -> float:
    """Horizontal place of a number of people."""
    low, high = map(log10, PEOPLE)
    return LEFT + (log10(people) - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def y_of(seconds: float) -> float:
    """Vertical place of a number of seconds."""
    low, high = map(log10, SECONDS)
    return HEIGHT - BOTTOM - (log10(seconds) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def text(x: float, y: float, words: str, anchor: str = "middle", colour: str = "#444") -> str:
    """One label."""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def draw(figures: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Write the picture."""
    sizes = sorted(figures.values(), key=lambda one: one["people"])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        text(LEFT, 22, "Seconds of a full build by people in both CRMs", "start", "#111"),
    ]
    for seconds in (10, 30, 100, 300, 1000):
        y = y_of(seconds)
        parts.append(
            f'<path d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            + text(LEFT - 8, y + 4, f"{seconds} s", "end")
        )
    for people, words in ((10_000, "10,000"), (100_000, "100,000"), (1_000_000, "1,000,000")):
        parts.append(text(x_of(people), HEIGHT - BOTTOM + 20, words))
    for number, (name, colour, label) in enumerate(LINES):
        points = [(x_of(one["people"]), y_of(one[name]), one[name]) for one in sizes]
        way = " ".join(f"{x:.0f},{y:.0f}" for x, y, _ in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, seconds in points:
            above = y - 9 if number == 0 else y + 18
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"/>')
            parts.append(text(x, above, f"{seconds:,.0f}", colour=colour))
        x, y, _ = points[-1]
        parts.append(text(x + 14, y + 4, label, "start", colour))
    parts.append("</svg>")
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
