"""What a table of the audit is: a question, columns, rows, and how they are grouped.

Not here: which tables there are (`audit.py`), how they are drawn (the page, the command line).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A query over marts or definitions with its parameters, as rows by column name.
Ask = Callable[..., list[dict[str, Any]]]
TEXT, COUNT, SIGNED, PERCENT, DAY = "text", "count", "signed", "percent", "day"


@dataclass(frozen=True)
class Column:
    """A column: its heading, the key of its values, and how they are written."""

    title: str
    key: str
    kind: str = TEXT


@dataclass(frozen=True)
class Section:
    """One table of the audit: a question, what stands in it, and what to say when it is empty."""

    id: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]
    empty: str
    # Its name in the index of the page.
    short: str = ""
    # What to know before the rows are read.
    notice: str = ""
    # Rows are grouped under the values of this key, when given.
    group: str = ""


def words(slug: object) -> str:
    """A slug as words."""
    return str(slug).replace("_", " ")


def sentence(text: str, detail: str | None = None) -> str:
    """With a capital at its beginning, and a detail in parentheses."""
    shown = text[:1].upper() + text[1:]
    return f"{shown} ({words(detail)})" if detail else shown


def grouped(section: Section) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The rows under their groups, in order; one nameless group where there are none."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in section.rows:
        found.setdefault(str(row[section.group]) if section.group else "", []).append(row)
    return list(found.items())
