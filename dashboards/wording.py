"""The words around a figure: headline, interval, of how many, against what it is compared.

Rendered here once for the first sight of a page; the browser says the same words after a filter
(`static/3_wording.js`), and a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboards import formats
from dashboards.breakdowns import Part
from dashboards.glossary import Metric
from dashboards.intervals import FEW, TOO_FEW, clearly_differ, wilson
from dashboards.report import Sentence
from dashboards.source_data import Slice

UP, DOWN = "▲", "▼"
TOKEN = r"(\{[a-z0-9_:]+\})"


# Units of medians: days of the calendar, minutes of business time.
DURATIONS = ("days", "minutes")


@dataclass(frozen=True)
class Change:
    """Against what is compared: arrow and word, tone, and the rest of the line."""

    arrow: str = ""
    text: str = ""
    tone: str = ""
    rest: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure as it is shown."""

    headline: str
    aside: str = ""
    detail: str = ""
    is_weak: bool = False


def digits(metric: Metric) -> int:
    """Decimals of a rate's percent."""
    return 1 if metric.unit == "rate1" else 0


def short(metric: Metric, found: Slice, currency: str) -> str:
    """The value alone, in its unit."""
    if metric.unit in ("count", "money"):
        value = found.value or 0
        return formats.count(value) if metric.unit == "count" else formats.money(value, currency)
    if metric.unit in DURATIONS:
        return formats.duration(metric.unit, found.value)
    return formats.percent(found.value, digits(metric))


def figure(metric: Metric, found: Slice, currency: str) -> Figure:
    """Headline and what stands beside and under it, by the rules for few records."""
    if metric.unit in ("rate", "rate1"):
        hits, total = found.numerator or 0, found.denominator or 0
        if not total:
            return Figure(formats.NOTHING, detail=f"0 {metric.noun} in this period")
        of = f"{formats.count(hits)} of {formats.count(total)}"
        if total < TOO_FEW:
            return Figure(of, detail=f"{metric.noun}: too few for a rate", is_weak=True)
        low, high = (formats.half_up(end * 100, digits(metric)) for end in wilson(hits, total))
        few = ": few, so read the interval" if total < FEW else ""
        return Figure(
            short(metric, found, currency), f"95% CI {low}–{high}%",
            f"{of} {metric.noun}{few}", total < FEW,
        )  # fmt: skip
    if metric.unit == "money_share":
        if not found.denominator:
            return Figure(formats.NOTHING, detail="no pipeline in this period")
        top = formats.money(found.numerator, currency)
        return Figure(
            short(metric, found, currency),
            detail=f"{top} of {formats.money(found.denominator, currency)}",
        )
    if metric.unit in DURATIONS:
        if not found.n:
            return Figure(formats.NOTHING, detail=f"0 {metric.noun} in this period")
        if found.n < TOO_FEW:
            # Never a bare count: it would read as days.
            return Figure(
                f"n = {formats.count(found.n)}",
                detail=f"{metric.noun}: too few for a median",
                is_weak=True,
            )
        return Figure(
            short(metric, found, currency),
            detail=f"median of {formats.count(found.n)} {metric.noun}",
        )
    return Figure(short(metric, found, currency))


def change(metric: Metric, found: Slice, before: Slice | None, label: str, currency: str) -> Change:
    """How the figure moved against the same figure of another period."""
    if before is None:
        return Change()
    if metric.unit in ("rate", "rate1"):
        total, other = found.denominator or 0, before.denominator or 0
        if min(total, other) < TOO_FEW:
            return Change(rest=f"too few to compare with {label}")
        was = short(metric, before, currency)
        moved = clearly_differ(found.numerator or 0, total, before.numerator or 0, other)
        gap = ((found.value or 0) - (before.value or 0)) * 100
        points = formats.half_up(abs(gap), digits(metric))
        if not moved or not points:
            return Change(rest=f"no clear change from {was}, {label}")
        return _moved(metric, gap > 0, f"{points} pts", was, label)
    if metric.unit == "money_share":
        if not before.denominator:
            return Change(rest=f"none in {label}")
        was = short(metric, before, currency)
        if not found.denominator:
            return Change(rest=f"{was} in {label}")
        gap = ((found.value or 0) - (before.value or 0)) * 100
        points = formats.half_up(abs(gap))
        if not points:
            return Change(rest=_still(gap, "1 pt", was, label))
        return _moved(metric, gap > 0, f"{points} pts", was, label)
    if metric.unit in DURATIONS and min(found.n, before.n) < TOO_FEW:
        return Change(rest=f"too few to compare with {label}")
    if not before.value:
        return Change(rest=f"none in {label}")
    was = short(metric, before, currency)
    ratio = (found.value or 0) / before.value - 1
    shown = formats.half_up(abs(ratio) * 100)
    if not shown:
        return Change(rest=_still(ratio, "1%", was, label))
    return _moved(metric, ratio > 0, f"{shown:,}%", was, label)


def _still(gap: float, step: str, was: str, label: str) -> str:
    """Too little to be written; two figures that round apart are not said to be the same."""
    return f"{f'within {step} of' if gap else 'no change from'} {was}, {label}"


def _moved(metric: Metric, is_up: bool, size: str, was: str, label: str) -> Change:
    tone = ""
    if metric.better in ("up", "down"):
        tone = "good" if (metric.better == "up") == is_up else "bad"
    word = "up" if is_up else "down"
    return Change(UP if is_up else DOWN, f"{word} {size}", tone, f"from {was}, {label}")


@dataclass(frozen=True)
class Aim:
    """How a figure stands against what was promised: arrow and words, and their tone."""

    text: str = ""
    tone: str = ""


def aim(metric: Metric, found: Slice, target: float | None, currency: str) -> Aim:
    """What was promised, and whether it was reached; of few records no verdict."""
    if target is None or not target:
        return Aim()
    goal = short(metric, Slice(numerator=target, denominator=1, value=target), currency)
    if _is_too_few(metric, found):
        return Aim(f"target {goal}, too few to judge")
    value = found.value or 0
    if metric.unit in ("money", "count"):
        part = formats.percent(value / target)
        if value >= target:
            return Aim(f"{UP} target {goal} reached ({part})", "good")
        return Aim(f"{part} of target {goal}")
    is_reached = value <= target if metric.better == "down" else value >= target
    if metric.unit == "days":
        gap = formats.days(abs(value - target))
        if is_reached:
            return Aim(f"{UP} within target {goal}", "good")
        return Aim(f"{DOWN} {gap} over target {goal}", "bad")
    points = formats.half_up(abs(value - target) * 100, digits(metric))
    if metric.better == "none":
        side = "over" if value >= target else "under"
        return Aim(f"{points} pts {side} target {goal}" if points else f"on target {goal}")
    if is_reached:
        return Aim(f"{UP} target {goal} reached", "good")
    return Aim(f"{DOWN} {points} pts under target {goal}", "bad")


def _is_too_few(metric: Metric, found: Slice) -> bool:
    if metric.unit in ("money", "count"):
        return False
    if metric.unit == "money_share":
        return not found.denominator
    return _records(metric, found) < TOO_FEW


def with_article(label: str) -> str:
    """`the prior 90 days`, but `a year ago`."""
    return f"the {label}" if label.startswith(("prior", "same")) else label


@dataclass(frozen=True)
class Piece:
    """A run of text; with a metric it is a figure."""

    text: str
    metric: str = ""


def answer(
    sentences: tuple[Sentence, ...],
    look_up: Callable[[str], tuple[Metric, Slice, Slice | None]],
    parts_of: Callable[[str], Sequence[Part] | None],
    period: str,
    compared: str,
    currency: str,
) -> list[Piece]:
    """The sentence under a title, as runs of text and figures."""
    pieces: list[Piece] = []
    for part in sentences:
        for token in re.split(TOKEN, _said(part, look_up, parts_of)):
            if not token.startswith("{"):
                pieces.append(Piece(token))
                continue
            name, _, form = token[1:-1].partition(":")
            if name == "period":
                pieces.append(Piece(period))
                continue
            categories = parts_of(name)
            if categories is not None:
                pieces.append(Piece(_leading(categories, form)))
                continue
            metric, found, before = look_up(name)
            if form == "change":
                moved = change(metric, found, before, compared, currency)
                said = f", {moved.text} on {with_article(compared)}" if moved.text else ""
                pieces.append(Piece(said))
            elif form == "of" and (found.denominator or 0) >= TOO_FEW:
                pieces.append(Piece(short(metric, found, currency), name))
                pieces.append(Piece(f" of {formats.count(found.denominator)} {metric.noun}"))
            elif form == "of":
                pieces.append(Piece(figure(metric, found, currency).headline, name))
                pieces.append(Piece(f" {metric.noun}"))
            else:
                pieces.append(Piece(figure(metric, found, currency).headline, name))
        pieces.append(Piece(" "))
    return [piece for piece in pieces if piece.text]


def named_in(sentences: Iterable[Sentence]) -> list[str]:
    """Metrics and breakdowns that the sentences speak of."""
    found = []
    for part in sentences:
        tokens = re.findall(TOKEN, f"{part.text}{part.otherwise}{part.few}")
        found += [part.needs, *(token[1:-1].partition(":")[0] for token in tokens)]
    return [name for name in dict.fromkeys(found) if name != "period"]


def _leading(categories: Sequence[Part], form: str) -> str:
    """The first category by name, or its share; of fewer than ten the count. Several that lead
    alike are all named, or two of them and how many others.
    """
    if not categories:
        return formats.NOTHING
    first, total = categories[0], categories[-1].cumulative or 0
    alike = [one for one in categories
             if one is first or (one.numerator == first.numerator and not one.is_gap)]  # fmt: skip
    if form == "top":
        names = [one.name for one in alike]
        if len(names) > 3:
            names[2:] = [f"{len(alike) - 2} others"]
        return formats.listed(names)
    each = " each" if len(alike) > 1 else ""
    if sum(part.n for part in categories) < TOO_FEW:
        return f"{formats.count(first.numerator)} of {formats.count(total)}{each}"
    return f"{formats.percent((first.numerator or 0) / total)}{each}"


def _said(
    part: Sentence,
    look_up: Callable[[str], tuple[Metric, Slice, Slice | None]],
    parts_of: Callable[[str], Sequence[Part] | None],
) -> str:
    categories = parts_of(part.needs)
    if categories is None:
        metric, needed, _ = look_up(part.needs)
        records = _records(metric, needed)
    else:
        records = sum(one.n for one in categories)
    if not records:
        return part.otherwise
    return part.few if part.few and records < TOO_FEW else part.text


def _records(metric: Metric, found: Slice) -> float:
    if metric.unit in ("rate", "rate1", "money_share"):
        return found.denominator or 0
    return found.n
