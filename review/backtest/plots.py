"""The places of marks in the drawings of the page; the template draws them.

Every plot is a square of shares: 0 to 100 % both ways, so nothing is stretched to look larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import formats
from review.backtest import words

WIDTH, HEIGHT, LEFT, RIGHT, TOP = 520, 300, 44, 24, 12
ROW = 26


def across(share: float) -> float:
    """Where a share stands from left to right."""
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def down(share: float) -> float:
    """Where a share stands from top to bottom."""
    return round(TOP + (1 - share) * (HEIGHT - TOP - 34), 1)


def ticks() -> list[dict[str, Any]]:
    """Lines at every fifth."""
    return [{"label": f"{n * 20}%", "x": across(n / 5), "y": down(n / 5)} for n in range(6)]


def trade_off(report: Mapping[str, Any]) -> dict[str, Any]:
    """Precision of acceptance against wins kept, a dot a threshold, older and later quarters."""
    shown = {rule["minimum_score"]: rule["name"] for rule in report["rules"]}
    lines = []
    for name, rows in report["curve"].items():
        dots = [
            {
                "x": across(row["wins"]["value"]),
                "y": down(row["precision"]["value"]),
                "low": down(row["precision"]["low"]),
                "high": down(row["precision"]["high"]),
                "is_weak": row["precision"]["is_weak"],
                "label": shown.get(row["minimum_score"], "") and str(row["minimum_score"]),
                "title": f"{row['minimum_score']}: accepted {words.rate(row['precision'])}, wins "
                f"kept {words.rate(row['wins'])}",
            }
            for row in rows
            if row["precision"]["of"] and row["wins"]["of"]
        ]
        lines.append({"name": name, "dots": dots, "path": path(dots)})
    return {"width": WIDTH, "height": HEIGHT, "ticks": ticks(), "lines": lines}


def path(dots: list[dict[str, Any]]) -> str:
    """A line through the dots."""
    return "M" + "L".join(f"{dot['x']} {dot['y']}" for dot in dots) if dots else ""


def by_threshold(report: Mapping[str, Any]) -> dict[str, Any]:
    """Precision, recall and what is kept, over the thresholds, on the later quarters."""
    rows = report["curve"]["later"]
    top = max((row["minimum_score"] for row in rows), default=1)
    found = []
    for name in ("precision", "recall", "wins", "pipeline"):
        dots = [
            {
                "x": across(row["minimum_score"] / top),
                "y": down(row[name]["value"]),
                "title": f"{row['minimum_score']}: {name} {formats.percent(row[name]['value'])}",
            }
            for row in rows
            if row[name]["value"] is not None
        ]
        found.append({"name": name, "dots": dots, "path": path(dots)})
    step = max(5, top // 25 * 5)
    scores = [{"label": str(n), "x": across(n / top)} for n in range(0, top + 1, step)]
    return {"width": WIDTH, "height": HEIGHT, "ticks": ticks(), "scores": scores, "lines": found}


def by_signal(report: Mapping[str, Any]) -> dict[str, Any]:
    """How often each signal came before any conversation, and before one that was won."""
    rows = []
    for number, row in enumerate(report["signals"]):
        y = 14 + number * ROW
        marks = [
            {"who": who, "x": across(row[f"{who}_60"]["value"]), "y": y,
             "low": across(row[f"{who}_60"]["low"]), "high": across(row[f"{who}_60"]["high"]),
             "title": f"{who}: {words.rate(row[f'{who}_60'])}"}
            for who in ("judged", "won")
            if row[f"{who}_60"]["of"]
        ]  # fmt: skip
        rows.append({"signal": row["signal"], "y": y, "marks": marks})
    return {"width": WIDTH, "height": 34 + len(rows) * ROW, "ticks": ticks(), "rows": rows}
