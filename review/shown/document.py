"""The parts of a written report, whatever it is written as.

Text in a `Part` is ours. Everything that came from a CRM, a seed, a file or a pull request is a
`Value`, which each way of writing shows as text and as nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """Somebody else's text."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Our text, to be seen first."""

    text: str


Piece = str | Value | Strong
Cell = Piece | tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table; the first column is text, the others are numbers unless `text_columns` says more."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    text_columns: int = 1


@dataclass(frozen=True)
class Lines:
    """Lines of code or data, as they are."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Folded:
    """Parts behind a line that opens them."""

    title: Cell
    parts: tuple[Part, ...]


Part = Heading | Paragraph | Bullets | Table | Lines | Folded


def pieces(cell: Cell) -> Sequence[Piece]:
    """The pieces of a cell."""
    return cell if isinstance(cell, tuple) else (cell,)
