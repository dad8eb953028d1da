"""Prose and SQL as safe HTML: bold in notes, quiet colours in code. Everything else is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_SQL = re.compile(
    r"(?P<c>--[^\n]*)|(?P<j>\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})|(?P<s>'[^']*')"
    r"|(?P<n>\b\d+(?:\.\d+)?\b)|(?P<k>\b(?:with|as|select|from|where|and|or|not|case|when|then|else"
    r"|end|left|inner|cross|join|on|group|order|by|is|null|in|union|all|distinct|between|over"
    r"|partition|coalesce|cast|true|false|exists)\b)",
    re.S | re.I,
)


def marked(text: str) -> Markup:
    """`**bold**` and `` `code` `` become elements; the rest is escaped."""
    safe = str(escape(text))
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return Markup(re.sub(r"`(.+?)`", r"<code>\1</code>", safe))


def highlight(sql: str) -> Markup:
    """SQL with a span around comments, templating, texts, numbers and keywords."""
    pieces, at = [], 0
    for found in _SQL.finditer(sql):
        pieces.append(escape(sql[at : found.start()]))
        pieces.append(Markup('<span class="sql-{}">{}</span>').format(found.lastgroup, found[0]))
        at = found.end()
    pieces.append(escape(sql[at:]))
    return Markup("").join(pieces)
