"""The page of evidence: one HTML file and its style, with drawings in SVG and no script at all.

By the recipe of the published pages: everything escaped, nothing from outside, a strict policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards.labels import clean
from review.backtest import plots, words

HERE = Path(__file__).parent
PAGE, STYLE = "index.html", "backtest.css"


def write(report: Mapping[str, Any], currency: str, folder: Path) -> Path:
    """Write page and style; return the page."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(clean=clean, rate=words.rate, lift=words.lift)
    text = environment.get_template("page.html").render(
        report=report,
        answer=words.sentence(report),
        money=lambda found: words.money(found, currency),
        trade_off=plots.trade_off(report),
        by_threshold=plots.by_threshold(report),
        by_signal=plots.by_signal(report),
    )
    (folder / STYLE).write_bytes((HERE / STYLE).read_bytes())
    (folder / PAGE).write_text(text, encoding="utf-8")
    return folder / PAGE
