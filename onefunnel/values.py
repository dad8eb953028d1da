"""Read one setting's text: each raises ValueError in words that can follow its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.settings import Schedule


def private_key(value: str) -> str:
    r"""The PEM text, given as such (with \\n for line ends) or as the file that holds it."""
    if not value or value.startswith("-----"):
        return value.replace("\\n", "\n")
    try:
        return Path(value).expanduser().read_text(encoding="ascii")
    except (OSError, ValueError):
        raise ValueError(
            "SALESFORCE_PRIVATE_KEY is neither a PEM text nor a file that can be read"
        ) from None


def moment(text: str) -> datetime | None:
    """An ISO time as naive UTC."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"is {text!r}, which is no time: write it like 2026-06-30T12:00:00Z"
        ) from None
    return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given


def whole_number(text: str) -> int:
    """A number of at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"is {text!r}: write a whole number of at least 1")
    return int(text)


def names(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part.strip() for part in values.get(name, "").split(",") if part.strip())


def schedule(values: Mapping[str, str]) -> Schedule:
    """How often to look for what moves no stamp."""
    usual = Schedule()
    return Schedule(
        full_pass=days(values, "ONEFUNNEL_FULL_PASS_DAYS") or usual.full_pass,
        sweep=days(values, "ONEFUNNEL_SWEEP_DAYS") or usual.sweep,
    )


def days(values: Mapping[str, str], name: str) -> timedelta | None:
    """A number of days, None when nothing is said."""
    if name not in values:
        return None
    try:
        return timedelta(days=whole_number(values[name]))
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def share(values: Mapping[str, str], name: str) -> float:
    """A share from 0 to below 1."""
    text = values.get(name, "0.1")
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1:
        raise ValueError(f"{name} is {text!r}: write a share like 0.1")
    return number
