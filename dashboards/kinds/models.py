"""Kind `models`: what each model of attribution gives a channel, side by side on one line, and the
spread between the lowest and the highest. Kept along one filter at a time, as grids are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboards import formats, theme
from dashboards.kinds.blank import blank
from dashboards.labels import clean, label
from dashboards.source_data import ALL, PageData

# Slug of the mart's column, name on pages, symbol: a shape each, since colour alone says nothing.
MODELS = (
    ("first", "First touch", "triangle-right"), ("last", "Last touch", "triangle-left"),
    ("linear", "Linear", "circle"), ("u", "U-shaped", "square"), ("w", "W-shaped", "diamond"),
    ("time_decay", "Time decay", "cross"),
)  # fmt: skip
NUMBERS = (*(slug for slug, _, _ in MODELS), "spread")
COLUMNS = (*NUMBERS, "lowest", "total")


@dataclass(frozen=True)
class Given:
    """What the models give one channel."""

    channel: str
    amounts: dict[str, float]

    @property
    def total(self) -> float:
        """Pipeline created, of which the amounts are parts."""
        return self.amounts["total"]


def given(data: PageData, period: str) -> list[Given]:
    """Every channel for everybody, the one with the highest amount first."""
    return [
        Given(row["channel"], {name: row[f"{name}_amount"] for name in COLUMNS})
        for row in _rows(data)
        if row["period"] == period
        and (row["segment"], row["region"], row["source"]) == (ALL, ALL, ALL)
    ]


def _rows(data: PageData) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.once(
        "attribution",
        lambda: data.rows(
            "select * from marts.attribution_slice "
            "order by period, segment, region, source, highest_amount desc, channel"
        ),
    )
    return found


def channels(data: PageData) -> int:
    """How many channels a period has at most."""
    counts = Counter(
        (row["period"], row["segment"], row["region"], row["source"]) for row in _rows(data)
    )
    return max(counts.values(), default=0)


def figure(rows: Sequence[Given], currency: str) -> go.Figure:
    """A line from the lowest to the highest part of a channel, a mark for each model on it."""
    names = [label(row.channel) for row in rows]
    drawn = blank({"l": 112, "r": 150, "t": 8, "b": 30})
    share = [row.total or 1 for row in rows]
    drawn.add_bar(
        x=[row.amounts["spread"] / of for row, of in zip(rows, share, strict=True)],
        base=[row.amounts["lowest"] / of for row, of in zip(rows, share, strict=True)],
        y=names, orientation="h", width=0.16, marker={"color": theme.PALE},
        hoverinfo="skip",
    )  # fmt: skip
    for slug, name, symbol in MODELS:
        drawn.add_scatter(
            x=[row.amounts[slug] / of for row, of in zip(rows, share, strict=True)], y=names,
            mode="markers", name=name,
            marker={"symbol": symbol, "size": 11, "color": theme.ACCENT,
                    "line": {"color": theme.PAPER, "width": 1}},
            hovertemplate="%{customdata}<extra></extra>",
            customdata=[f"{channel}, {name}: {formats.money(row.amounts[slug], currency)}"
                        for channel, row in zip(names, rows, strict=True)],
        )  # fmt: skip
    drawn.update_xaxes(tickformat=".0%", rangemode="tozero", nticks=6, linecolor=theme.LINE)
    drawn.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK})
    return drawn


def packed(data: PageData) -> dict[str, Any]:
    """By period and choice (`all`, `source:paid-search`, ...): channels, and each one's amounts in
    whole units; cents say nothing in a comparison of models, and cost weight.
    """
    slug_of = {
        (name, choice.value): choice.slug
        for name, choices in data.choices.items()
        for choice in choices
    }
    channels = list(dict.fromkeys(row["channel"] for row in _rows(data)))
    order = {channel: place for place, channel in enumerate(channels)}
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _rows(data):
        chosen = [
            f"{name}:{slug_of[(name, row[name])]}"
            for name in ("segment", "region", "source")
            if row[name] != ALL and (name, row[name]) in slug_of
        ]
        found = cells.setdefault(row["period"], {}).setdefault(
            chosen[0] if chosen else "all", {"total": round(row["total_amount"]), "rows": []}
        )
        *amounts, spread = (round(row[f"{name}_amount"]) for name in NUMBERS)
        # Of the spread only what rounding adds: the browser is given the amounts.
        beyond = spread - (max(amounts) - min(amounts))
        found["rows"].append([order[row["channel"]], *amounts, beyond])
    return {
        "channels": [{"label": clean(channel), "plot": label(channel)} for channel in channels],
        "models": [{"slug": slug, "label": name} for slug, name, _ in MODELS],
        "columns": list(NUMBERS),
        "cells": cells,
    }
