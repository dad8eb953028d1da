"""What `benchmarks.connectors` measured, as a page and a picture in docs."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from math import log10
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.foreign.workshop import PYTHON_PACKAGES

OURS = "onefunnel"
TARGETS = {
    "tap-hubspot": 20,
    "airbyte-source-hubspot": 20,
    "airbyte-source-salesforce": 10,
}
BLUE, GREY, INK = "#2f6f9f", "#b9c0c7", "#2b2f33"


@dataclass(frozen=True)
class Row:
    """One reading; `known` is how many records had landed before it."""

    who: str
    what: str
    records: int
    cpu_seconds: float
    peak_mb: float
    requests: int | None
    start_seconds: float
    known: int = 0

    @property
    def rate(self) -> float:
        """Records per CPU second of the whole process, its start included."""
        return self.records / self.cpu_seconds


def write(
    docs: Path, measured: list[dict[str, Any]], compared: list[int], vendor_rate: int
) -> None:
    """Write the page and the picture beside it."""
    rows = [Row(**one) for one in measured]
    rows.sort(key=lambda row: (row.what, row.records or row.known))
    first = [row for row in rows if not row.known]
    at_size = [row for row in first if row.records == compared[0]]
    (docs / "images").mkdir(exist_ok=True)
    (docs / "images" / "connectors-performance.svg").write_text(picture(at_size, compared[0]))
    quiet = [row for row in rows if row.known]
    (docs / "connectors-performance.md").write_text(page(first, quiet, compared, vendor_rate))


def page(first: list[Row], quiet: list[Row], sizes: list[int], vendor_rate: int) -> str:
    """Return the page."""
    lines = [
        "# How fast the connectors are",
        "",
        "Made by `.venv/bin/python -m benchmarks.connectors`; do not edit. Every reader runs as a",
        "process of its own, unchanged, over TLS, and meets the same local CRM in the same run as",
        "the other readers of its object. Only the reader is measured: user and system time and",
        "peak memory of its process. What starting it",
        "costs is measured apart, by reading a hundred records. Ours lands Parquet with checks and",
        "manifest; the others write JSON lines to a file. Rates hold the start, which is a third",
        "and more of our own time at 20,000 records. Below 50,000 ours is the middle one of five",
        "readings and more, before, between and after those of the others. On a machine that does",
        "other work meanwhile, CPU seconds of all rise alike: compare within a run only.",
        "",
        "![Records per CPU second](images/connectors-performance.svg)",
    ]
    for size in sizes:
        lines += comparison([one for one in first if one.records == size], size)
    lines += [
        "",
        "## Ours by size",
        "",
        "| Object | Records | CPU s | Records a CPU s | Peak MB (wanted: below 300) | "
        f"Share of a core at {vendor_rate:,} records/s (wanted: below 10 %) |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for one in first:
        if one.who == OURS:
            share = vendor_rate / one.rate
            lines.append(
                f"| {one.what} | {one.records:,} | {one.cpu_seconds:.2f} | {one.rate:,.0f} | "
                f"{one.peak_mb:.0f} | {share:.1%} |"
            )
    lines += [
        "",
        "## A second run with nothing new",
        "",
        "| Object | Known records | Requests (wanted: at most 3) | CPU s | Peak MB |",
        "|---|--:|--:|--:|--:|",
    ]
    for one in quiet:
        lines.append(
            f"| {one.what} | {one.known:,} | {one.requests} | {one.cpu_seconds:.2f} | "
            f"{one.peak_mb:.0f} |"
        )
    lines += ["", f"Measured on {date.today():%d %B %Y}: {machine()}.", ""]
    return "\n".join(lines)


def comparison(compared: list[Row], size: int) -> list[str]:
    """Return the table of one size: everyone who read so many records."""
    own = {one.what: one for one in compared if one.who == OURS}
    lines = [
        "",
        f"## Against others, {size:,} records",
        "",
        "| Object | Reader | CPU s, start included | of it start | Records a CPU s | "
        "Peak MB | Ours is faster by | Wanted |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for one in compared:
        factor = own[one.what].rate / one.rate
        target = TARGETS.get(one.who)
        lines.append(
            f"| {one.what} | {named(one.who)} | {one.cpu_seconds:.2f} | {one.start_seconds:.2f} | "
            f"{one.rate:,.0f} | {one.peak_mb:.0f} | "
            f"{'' if one.who == OURS else f'{factor:.1f}×'} | "
            f"{f'≥ {target}×' if target else ''} |"
        )
    return lines


def named(who: str) -> str:
    """Return a reader's name with its version."""
    if who == OURS:
        return f"**onefunnel {version('onefunnel')}**"
    return PYTHON_PACKAGES[who].replace("==", " ")


def machine() -> str:
    """Return what it was measured on."""
    python, processors = platform.python_version(), os.cpu_count()
    duckdb = version("duckdb")
    return f"Python {python}, DuckDB {duckdb}, {platform.machine()}, {processors} shared cores"


def picture(compared: list[Row], size: int) -> str:
    """Return a bar per reader on a logarithmic axis, the objects one below the other."""
    objects = list(dict.fromkeys(one.what for one in compared))
    left, width, bar, top = 250, 430, 22, 60
    parts, y = [], top
    low, high = 2.0, 5.0

    def x_of(rate: float) -> float:
        return left + width * (min(max(log10(rate), low), high) - low) / (high - low)

    for what in objects:
        parts.append(text(20, y + 4, what, weight="600"))
        y += 16
        for one in sorted((one for one in compared if one.what == what), key=lambda one: -one.rate):
            end = x_of(one.rate)
            colour = BLUE if one.who == OURS else GREY
            parts.append(text(left - 10, y + 15, one.who, anchor="end"))
            parts.append(
                f'<rect x="{left}" y="{y}" width="{end - left:.0f}" height="{bar - 4}" '
                f'fill="{colour}"/>'
            )
            parts.append(text(end + 6, y + 14, f"{one.rate:,.0f}"))
            y += bar
        y += 18
    axis = []
    for power in (2, 3, 4, 5):
        x = x_of(10**power)
        axis.append(f'<line x1="{x}" x2="{x}" y1="{top - 10}" y2="{y}" stroke="#e4e7ea"/>')
        axis.append(text(x, y + 14, f"{10**power:,}", anchor="middle"))
    title = f"Records read per CPU second, {size:,} records (logarithmic)"
    head = text(20, 28, title, weight="600", height=15)
    height = y + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" width="760" '
        f'height="{height}" font-family="system-ui, sans-serif" role="img">'
        f"<title>{escape(title)}</title>"
        f'<rect width="760" height="{height}" fill="#ffffff"/>'
        + "".join([head, *axis, *parts])
        + "</svg>\n"
    )


def text(
    x: float, y: float, words: str, *, anchor: str = "start", weight: str = "400", height: int = 12
) -> str:
    """Return a text element."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{height}" '
        f'font-weight="{weight}" fill="{INK}">{escape(words)}</text>'
    )
