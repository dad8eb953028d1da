"""Build the static site from a release's warehouse: pages, one script, one style, nothing else.

    build(warehouse, out, manifest=..., run_results=...)

Belongs here: rendering and writing. Not here: what pages say (`reports/`), numbers (marts).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards import formats, kept, payload
from dashboards.crm import NOWHERE, checked
from dashboards.following import followed
from dashboards.glossary import Glossary, read
from dashboards.labels import clean
from dashboards.picture import drawing
from dashboards.publish import NOBODY, SiteUnfit, require_fit
from dashboards.report import Report, reports
from dashboards.source_data import PageData, opened
from dashboards.view import (
    about_card_of,
    answer_of,
    applied_of,
    figure_of,
    page_payload,
    spark_of,
    watermark,
)
from dashboards.words import highlight, marked

HERE = Path(__file__).parent
# On the wire, compressed as web servers do by themselves, with every asset and what HTTP adds.
HEAVIEST_PAGE = 480_000
COMPRESSION = 6
HEADERS = 600


class PageTooHeavy(Exception):
    """A reader would wait for it."""


@dataclass(frozen=True)
class Page:
    """A page that was written."""

    slug: str
    title: str
    path: Path
    bytes_on_wire: int
    figures: int
    slices: int
    charts: Mapping[str, go.Figure]

    @property
    def svg(self) -> str | None:
        """A small drawing of the page's first chart."""
        first = next(iter(self.charts.values()), None)
        return drawing(first) if first else None


@dataclass(frozen=True)
class SiteReport:
    """What was built."""

    pages: tuple[Page, ...]
    run_id: str


def pages() -> tuple[str, ...]:
    """Slugs of all pages, in the order of the navigation."""
    return tuple(report.slug for report in reports())


page_slugs = pages


def page_title(slug: str) -> str:
    """The question that a page answers."""
    return next(report.question for report in reports() if report.slug == slug)


def build(
    warehouse: Path,
    out: Path,
    *,
    manifest: Path,
    run_results: Path | None,
    built_at: datetime | None = None,
    crm: Mapping[str, str] = NOWHERE,
) -> SiteReport:
    """Build every page."""
    glossary = read(manifest, run_results)
    with opened(warehouse, glossary, built_at or datetime.now(UTC), crm) as data:
        assets = write_assets(out)
        written = tuple(_write(report, data, out, assets) for report in reports())
        run_id = data.run["run_id"]
    finish(warehouse, out, manifest=manifest, run_results=run_results, crm=crm)
    return SiteReport(written, run_id)


def build_page(
    slug: str,
    warehouse: Path,
    out: Path,
    *,
    manifest: Path,
    run_results: Path | None,
    built_at: datetime | None = None,
    crm: Mapping[str, str] = NOWHERE,
) -> Page:
    """Build one page and the assets that it needs; `finish` completes the site."""
    found = {report.slug: report for report in reports()}
    if slug not in found:
        raise KeyError(f"no page {slug!r}; pages are {', '.join(found)} (dashboards/reports/)")
    with opened(warehouse, read(manifest, run_results), built_at or datetime.now(UTC), crm) as data:
        assets = write_assets(out)
        return _write(found[slug], data, out, assets)


def finish(
    warehouse: Path,
    out: Path,
    *,
    manifest: Path,
    run_results: Path | None,
    personal_values: Mapping[str, str] = NOBODY,
    own_words: str = "",
    crm: Mapping[str, str] = NOWHERE,
) -> None:
    """Write the start page and refuse a site that is not whole or names a person."""
    problems = check_glossary(read(manifest, run_results))
    if problems:
        raise SiteUnfit("; ".join(problems))
    _index(out)
    require_fit(out, personal_values, own_words, checked(crm))


def write_assets(out: Path) -> dict[str, str]:
    """Script, style and Plotly, each named by its content, so an old page keeps its own."""
    contents = {
        "site.js": _joined("*.js"),
        "site.css": _joined("*.css"),
        "plotly.js": (HERE / "vendor/plotly/plotly-basic.min.js").read_bytes(),
    }
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, content in contents.items():
        stem, _, ending = name.partition(".")
        digest = hashlib.sha256(content).hexdigest()[:12]
        path = folder / f"{stem}.{digest}.{ending}"
        if not path.exists():
            path.write_bytes(content)
        found[name.replace(".", "_")] = f"assets/{path.name}"
    licence = folder / "plotly.LICENSE.txt"
    licence.write_bytes((HERE / "vendor/plotly/LICENSE").read_bytes())
    return found


def _joined(pattern: str) -> bytes:
    """All files of a kind as one, without what only their readers in the repository need."""
    paths = sorted((HERE / "static").rglob(pattern))
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"\n\s+", "\n", text).encode()


def _index(out: Path) -> None:
    first = reports()[0]
    text = environment().get_template("index.html").render(first=first)
    (out / "index.html").write_text(text, encoding="utf-8")


@cache
def environment() -> Environment:
    """Templates that escape everything and fail on an unknown name."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(
        clean=clean, count=formats.count, percent=formats.percent, day=formats.day,
        moment=formats.moment, marked=marked, highlight=highlight,
    )  # fmt: skip
    return found


def _write(report: Report, data: PageData, out: Path, assets: Mapping[str, str]) -> Page:
    charts = {card.id: card.figure(data) for card in report.cards if card.figure}
    view = {
        "report": report,
        "reports": reports(),
        "assets": assets,
        "data": data,
        "run": data.run,
        "figure": figure_of(data),
        "answer": answer_of(report, data),
        "applied": applied_of(data),
        "about_card": about_card_of(data),
        "followed": partial(followed, report, data=data),
        "tables": {card.id: card.table(data) for card in report.cards if card.table},
        "spark": spark_of(data),
        "watermark": watermark(data),
        "unread": data.unread,
        **report.content(data),
    }
    needed = [place for name, place in assets.items() if name != "plotly_js" or report.has_charts]
    assets_size = sum(_weight((out / place).read_bytes()) for place in needed)
    text, numbers, size = _light(report, data, charts, view, assets_size)
    path = out / report.file
    path.write_text(text, encoding="utf-8")
    shown = text.count("data-metric=")
    shipped = len(numbers["slices"]["keys"]) if report.has_filters else 0
    return Page(report.slug, report.title, path, size, shown, shipped, charts)


def _light(
    report: Report,
    data: PageData,
    charts: Mapping[str, go.Figure],
    view: Mapping[str, Any],
    assets_size: int,
) -> tuple[str, dict[str, Any], int]:
    """The page with as many choices as it can carry, its numbers, and what it weighs."""
    refused: Exception | None = None
    for choices in kept.LADDER:
        try:
            numbers = page_payload(report, data, charts, choices)
        except payload.TooManySlices as error:
            refused = error
            continue
        packed = payload.to_script(numbers)
        text = environment().get_template(report.template).render({**view, "payload": packed})
        size = _weight(text.encode()) + assets_size
        if size <= HEAVIEST_PAGE:
            return text, numbers, size
        refused = PageTooHeavy(
            f"{report.file}: {size:,} bytes on the wire, more than {HEAVIEST_PAGE:,}: lower "
            "`shown_sources` in dbt_project/models/intermediate/int_source_shown.sql or show fewer "
            "metrics on the page"
        )
    assert refused
    raise refused


@cache
def _weight(content: bytes) -> int:
    """What a file weighs on the wire."""
    return len(gzip.compress(content, COMPRESSION, mtime=0)) + HEADERS


def check_glossary(glossary: Glossary) -> list[str]:
    """Metrics that rest on a definition nobody wrote."""
    return [
        f"{metric.slug}: definition {metric.definition} is unknown"
        for metric in [*glossary.metrics.values(), *glossary.breakdowns.values()]
        if metric.definition not in glossary.definitions
    ]
