"""A report as one page that runs no script and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

from dashboards.labels import clean
from review.shown.document import (
    Bullets,
    Folded,
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

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def written(parts: Iterable[Part], title: str) -> str:
    """The whole page."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(html(part) for part in parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def html(part: Part) -> str:
    """One part."""
    if isinstance(part, Heading):
        return f"<h2>{escape(part.text)}</h2>"
    if isinstance(part, Paragraph):
        return f"<p>{inline(part.pieces)}</p>"
    if isinstance(part, Bullets):
        return "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in part.items) + "</ul>"
    if isinstance(part, Lines):
        shown = "\n".join(escape(code(line)) for line in part.lines)
        return f'<pre tabindex="0">{shown}</pre>'
    if isinstance(part, Folded):
        inner = "\n".join(html(one) for one in part.parts)
        return f"<details><summary>{inline(pieces(part.title))}</summary>{inner}</details>"
    return table(part)


def table(part: Table) -> str:
    """A table that scrolls by itself where the window is narrow."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in part.header)
    rows = []
    for cells in part.rows:
        shown = [inline(pieces(cell)) for cell in cells]
        first = f'<th scope="row">{shown[0]}</th>'
        rest = "".join(
            f"<td{'' if place < part.text_columns else ' class=number'}>{cell}</td>"
            for place, cell in enumerate(shown[1:], start=1)
        )
        rows.append(f"<tr>{first}{rest}</tr>")
    body = "".join(rows)
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def inline(found: Iterable[Piece]) -> str:
    """Pieces in a line."""
    return "".join(one(piece) for piece in found)


def one(piece: Piece) -> str:
    """A piece; whoever wrote it, it is text."""
    if isinstance(piece, Value):
        return f"<bdi>{text(piece.text)}</bdi>"
    if isinstance(piece, Strong):
        return f"<strong>{escape(piece.text)}</strong>"
    return escape(piece)


def text(value: str) -> str:
    """Somebody else's text on one line, without an address of a person."""
    return escape(clean(ADDRESS.sub("(address)", value)))
