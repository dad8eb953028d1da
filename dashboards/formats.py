"""How numbers, dates and ages are written, in Python as in the browser (`static/1_formats.js`).

Both sides round half up on the decimal digits that a reader would see, so a figure never differs
between the page as it was rendered and the page after a filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$"}
NOTHING = "–"
_STEPS = (("", 1), ("k", 10**3), ("M", 10**6), ("B", 10**9), ("T", 10**12))


def half_up(value: float, digits: int = 0) -> Decimal:
    """Round half away from zero: 0.5 is 1, 2.5 is 3."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def count(value: float | None) -> str:
    """1,234."""
    return NOTHING if value is None else f"{half_up(value):,}".replace("-", "−")


def money(value: float | None, currency: str = "USD") -> str:
    """Three digits and a step: $26.2M, $7.01M, $940k, $812."""
    if value is None:
        return NOTHING
    size, sign = abs(float(value)), "−" if value < 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    for place, (suffix, step) in enumerate(_STEPS):
        scaled = size / step
        digits = 0 if not suffix or scaled >= 99.95 else 1 if scaled >= 9.995 else 2
        shown = half_up(scaled, digits)
        if shown < 1000 or place == len(_STEPS) - 1:
            return f"{sign}{symbol}{shown:,}{suffix}"
    raise AssertionError("the last step always returns")


def percent(value: float | None, digits: int = 0) -> str:
    """A share as whole percent."""
    return NOTHING if value is None else f"{half_up(value * 100, digits)}%"


def days(value: float | None) -> str:
    """49 days, 1 day, 59.5 days."""
    if value is None:
        return NOTHING
    shown = half_up(value, 0 if float(value).is_integer() else 1)
    return f"{shown:,} day{'' if abs(shown) == 1 else 's'}".replace("-", "−")


def minutes(value: float | None) -> str:
    """Business time: 52 min, 3.4 h."""
    if value is None:
        return NOTHING
    if half_up(value) < 60:
        return f"{half_up(value)} min"
    return f"{half_up(value / 60, 1)} h"


def duration(unit: str, value: float | None) -> str:
    """A duration in its unit: days, or minutes of business time."""
    return minutes(value) if unit == "minutes" else days(value)


def day(value: date | datetime | None) -> str:
    """30 Jun 2026."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """30 Jun 2026 12:00 UTC."""
    return NOTHING if value is None else f"{day(value)} {value:%H:%M} UTC"


def span(start: date, end: date) -> str:
    """2 Apr – 30 Jun 2026; an open beginning is `up to`."""
    if start.year <= 1900:
        return f"up to {day(end)}"
    first = f"{start.day} {start:%b}" if start.year == end.year else day(start)
    return f"{first} – {day(end)}"


def listed(names: Sequence[str]) -> str:
    """Names as people say them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
