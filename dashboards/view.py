"""What a template and the page's script are given: figures of the default choice, and the payload.

Belongs here: joining a report, the glossary and the slices into one view. Not here: rendering and
writing files (`site.py`), packing (`payload.py`), words (`wording.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import plotly.graph_objects as go

from dashboards import breakdowns, formats, grids, payload, theme, wording
from dashboards.cards import DEFAULT_PERIOD
from dashboards.glossary import Metric
from dashboards.kept import Kept
from dashboards.kinds import models
from dashboards.report import Card, Report
from dashboards.source_data import PageData, Slice

DEFAULT_COMPARE = "prior"
# Hours after which a source is called late, and stale, when the page is read.
LATE, STALE = 26, 50


def shown(report: Report, data: PageData) -> tuple[list[str], list[str]]:
    """The metrics and the breakdowns whose numbers the page needs."""
    wanted = [metric for tiles in report.tiles for metric in tiles.metrics]
    wanted += report.metrics
    wanted += [other for slug in wanted if (other := _next_to(data, slug))]
    for card in report.cards:
        wanted += card.options.get("columns", [])
        wanted += [card.options[name] for name in ("metric", "breakdown", "overall")
                   if name in card.options]  # fmt: skip
    wanted += wording.named_in(report.answer)
    known = data.glossary
    unknown = [name for name in wanted if name not in {**known.metrics, **known.breakdowns}]
    if unknown:
        raise KeyError(
            f"page {report.slug}: {unknown[0]!r} is described neither in dbt_project/models/marts/"
            "metric_slice.yml (config.meta.metrics) nor in breakdown_slice.yml "
            "(config.meta.breakdowns)"
        )
    names = list(dict.fromkeys(wanted))
    return [n for n in names if n in known.metrics], [n for n in names if n in known.breakdowns]


def _next_to(data: PageData, slug: str) -> str:
    known = data.glossary.metrics.get(slug)
    return known.beside if known else ""


def page_payload(
    report: Report, data: PageData, charts: Mapping[str, go.Figure], kept: Kept
) -> dict[str, Any]:
    """Everything the page's script looks up."""
    found: dict[str, Any] = {
        "page": report.slug,
        "run": {
            "id": data.run["run_id"],
            "asOf": data.run["as_of"].isoformat(),
            "builtAt": data.built_at.astimezone(UTC).isoformat(),
            "zone": data.run["reporting_time_zone"],
            "currency": data.run["currency"],
            "sources": {
                "Salesforce": payload.iso(data.run["salesforce_watermark"]),
                "HubSpot": payload.iso(data.run["hubspot_watermark"]),
            },
            "lateHours": LATE,
            "staleHours": STALE,
        },
        "dark": dict(theme.DARK),
        "colours": dict(theme.NAMED),
        "cards": {card.id: _card(card, data, charts) for card in report.cards},
    }
    if not report.has_filters:
        return found
    metrics, broken_down = shown(report, data)
    places = payload.Places(data)
    kinds = {card.kind for card in report.cards}
    spread = [card.options["metric"] for card in report.cards
              if card.kind == "ranges" and "metric" in card.options]  # fmt: skip
    tiles = [metric for row in report.tiles for metric in row.metrics]
    return {
        **found,
        "dims": payload.dimensions(data),
        "defaults": {"period": DEFAULT_PERIOD, "compare": DEFAULT_COMPARE},
        "metrics": {slug: _metric(data.glossary.metrics[slug]) for slug in metrics},
        "described": {slug: _metric(breakdowns.about(data, slug)) for slug in broken_down},
        "slices": payload.slices(data, metrics, places, spread=spread, kept=kept),
        "breakdowns": breakdowns.packed(data, broken_down, places, kept=kept),
        "kept": {
            "now": kept.now,
            "before": kept.before,
            "parts": kept.parts,
            "partsBefore": kept.parts_before,
        },
        "trend": payload.trend(data, tiles),
        "targets": data.targets,
        "funnel": payload.funnel(data, places) if "stages" in kinds else None,
        "months": payload.months(data) if "months" in kinds else None,
        "attribution": models.packed(data) if "models" in kinds else None,
        "answer": [
            {"text": part.text, "needs": part.needs, "otherwise": part.otherwise, "few": part.few}
            for part in report.answer
        ],
    }


def _card(card: Card, data: PageData, charts: Mapping[str, go.Figure]) -> dict[str, Any]:
    return {
        "kind": card.kind,
        "title": card.title,
        "options": dict(card.options),
        "figure": _frame(charts[card.id], card.kind) if card.id in charts else None,
        "grid": grids.packed(card.grid(data)) if card.grid else None,
    }


def _frame(figure: go.Figure, kind: str) -> Any:
    """The figure without the numbers of the default choice: the browser looks them up again, and
    twice they would be weight. Months and stages keep what always stands there.
    """
    found = json.loads(figure.to_json())
    if kind == "months":
        for trace in found["data"]:
            del trace["y"], trace["customdata"]
    if kind in ("months", "stages"):
        return found
    for trace in found["data"]:
        for name in ("x", "y", "base", "text", "customdata"):
            trace.pop(name, None)
    found["layout"].pop("annotations", None)
    return found


def _metric(metric: Metric) -> dict[str, str]:
    return {
        "slug": metric.slug, "title": metric.title, "unit": metric.unit, "noun": metric.noun,
        "better": metric.better, "target": metric.target,
        "beside": metric.beside, "besideWord": metric.beside_word,
    }  # fmt: skip


def _compared(data: PageData) -> str:
    period = next(p for p in data.periods if p["period"] == DEFAULT_PERIOD)
    return period["compares"][DEFAULT_COMPARE]["label"]


def _look_up(data: PageData, slug: str) -> tuple[Metric, Slice, Slice]:
    return (
        data.glossary.metrics[slug],
        data.figure(slug, DEFAULT_PERIOD),
        data.figure(slug, DEFAULT_PERIOD, compare=DEFAULT_COMPARE),
    )


def figure_of(data: PageData) -> Callable[[str], dict[str, Any]]:
    """What gives a tile its figure of the default choice."""
    currency = data.run["currency"]

    def figure(slug: str) -> dict[str, Any]:
        metric, found, before = _look_up(data, slug)
        change = wording.change(metric, found, before, _compared(data), currency)
        missing = data.figure("amount_missing", DEFAULT_PERIOD).value
        is_partial = slug == "pipeline_created" and missing
        without = f"{formats.count(missing)} without amount or rate" if is_partial else ""
        known = data.glossary.definitions.get(metric.definition)
        return {
            "metric": metric,
            "slice": found,
            "shown": wording.figure(metric, found, currency),
            "change": change,
            "rest": " · ".join(part for part in (change.rest, without) if part),
            "beside": _beside(data, metric),
            "aim": wording.aim(
                metric, found, data.targets.get(metric.target, {}).get(DEFAULT_PERIOD), currency
            ),
            "definition": known,
        }

    return figure


def _beside(data: PageData, metric: Metric) -> str:
    if not metric.beside:
        return ""
    other, found, _ = _look_up(data, metric.beside)
    return f"{metric.beside_word} {wording.short(other, found, data.run['currency'])}"


def answer_of(report: Report, data: PageData) -> list[wording.Piece]:
    """The sentence under the title, for the default choice."""
    if not report.answer:
        return []
    period = next(p for p in data.periods if p["period"] == DEFAULT_PERIOD)

    def parts(slug: str) -> list[breakdowns.Part] | None:
        known = slug in data.glossary.breakdowns
        return breakdowns.parts(data, slug, DEFAULT_PERIOD) if known else None

    return wording.answer(
        report.answer, lambda slug: _look_up(data, slug), parts, period["label"], _compared(data),
        data.run["currency"],
    )  # fmt: skip


def about_card_of(data: PageData) -> Callable[[Card], dict[str, Any] | None]:
    """What gives a card the words of its popover; None when it explains no figure."""

    def about(card: Card) -> dict[str, Any] | None:
        if not card.subject:
            return None
        metric = data.glossary.about(card.subject)
        known = data.glossary.definitions.get(metric.definition)
        return {"metric": metric, "definition": known, "n": _records(card, data)}

    return about


def _records(card: Card, data: PageData) -> int | None:
    """On how many records a card rests for the default choice, as the script counts them."""
    if slug := card.options.get("breakdown"):
        return sum(part.n for part in breakdowns.parts(data, slug, DEFAULT_PERIOD))
    slug = card.options.get("metric")
    return data.figure(slug, DEFAULT_PERIOD).n if slug else None


def applied_of(data: PageData) -> str:
    """The days of the default choice, and those it is compared with."""
    period = next(p for p in data.periods if p["period"] == DEFAULT_PERIOD)
    other = period["compares"][DEFAULT_COMPARE]
    days = formats.span(period["starts_on"], period["ends_on"])
    return f"{days} · compared with {formats.span(other['starts_on'], other['ends_on'])}"


def spark_of(data: PageData) -> Callable[[str], str]:
    """What draws the sparkline of a metric, for everybody."""

    def spark(slug: str) -> str:
        values = data.trend.get((slug, "All", "All", "All"), {})
        return sparkline([values.get(month) for month in data.trend_months[:-1]])

    return spark


def sparkline(values: Iterable[float | None]) -> str:
    """Points of the line, in a box of 96 × 32; months without value are left out."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low = min(value for _, value in known)
    extent = (max(value for _, value in known) - low) or 1
    return " ".join(
        f"{2 + place * 92 / 11:.1f},{28 - (value - low) / extent * 24:.1f}"
        for place, value in known
    )


def watermark(data: PageData) -> datetime | None:
    """How far both sources are complete."""
    known = [data.run[f"{source}_watermark"] for source in ("salesforce", "hubspot")]
    return min((at for at in known if at), default=None)
