"""A report as Markdown for a pull request, in which no value can be more than text.

A value stands in a code element with every sign that means something written as a number, so it can
be no mention, link, image, heading or table cell, nor name an issue or a commit. Run as a module it
writes the comment for a report: `python -m review.shown.markdown impact.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dashboards.labels import clean
from review.shown.document import (
    Bullets,
    Cell,
    Heading,
    Lines,
    Paragraph,
    Part,
    Piece,
    Strong,
    Table,
    Value,
    pieces,
)
from review.shown.lines import ADDRESS, code
from review.shown.words import document

# GitHub refuses a comment of more than 65,536 characters.
LONGEST = 60_000
CUT = "\n\nThe rest of this report is in its page and in `impact.json`.\n"


def written(parts: Iterable[Part]) -> str:
    """The whole report; what does not fit is left out part by part, from the end."""
    text = ""
    for part in parts:
        more = "\n".join(lines(part)) + "\n\n"
        if len(text) + len(more) > LONGEST:
            return text.rstrip() + CUT
        text += more
    return text.rstrip() + "\n"


def lines(part: Part) -> Iterator[str]:
    """One part."""
    if isinstance(part, Heading):
        yield f"### {part.text}"
    elif isinstance(part, Paragraph):
        yield inline(part.pieces)
    elif isinstance(part, Bullets):
        yield from (f"- {inline(item)}" for item in part.items)
    elif isinstance(part, Table):
        yield row(part.header)
        kinds = [":--"] * part.text_columns
        yield row([*kinds, *["--:"] * (len(part.header) - len(kinds))])
        yield from (row(cells) for cells in part.rows)
    elif isinstance(part, Lines):
        shown = "\n".join(signs(code(line)) for line in part.lines)
        yield f"<pre>{shown}</pre>"
    else:
        yield f"<details><summary>{inline(pieces(part.title))}</summary>"
        yield ""
        for inner in part.parts:
            yield from lines(inner)
            yield ""
        yield "</details>"


def row(cells: Iterable[Cell]) -> str:
    """A row of a table."""
    return "| " + " | ".join(inline(pieces(cell)) for cell in cells) + " |"


def inline(found: Iterable[Piece]) -> str:
    """Pieces in a line."""
    return "".join(one(piece) for piece in found)


def one(piece: Piece) -> str:
    """Our text as it is, somebody else's as code."""
    if isinstance(piece, Value):
        return f"<code>{escaped(piece.text)}</code>"
    if isinstance(piece, Strong):
        return f"**{piece.text}**"
    return piece


def escaped(text: str) -> str:
    """One line in which only letters, digits, blanks and harmless signs stand for themselves."""
    return signs(clean(ADDRESS.sub("(address)", text)))


def signs(text: str) -> str:
    """Whatever might mean something is written as a number."""
    return "".join(sign if sign.isalnum() or sign in " ,-…" else f"&#{ord(sign)};" for sign in text)


def main() -> None:
    """Write the comment for a report that somebody else may have made."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(written(document(told)))


if __name__ == "__main__":
    main()
