"""Text from the CRMs, made safe to show.

Anyone may write into a web form, so a lead source or a campaign is an attacker's text. Belongs
here: what every such string passes before it reaches a chart, a file or an address. Not here: how
numbers are written (`formats.py`).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
# Signs that steer the direction of text or do not show at all.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def clean(text: object) -> str:
    """One line without control characters, no longer than 80; for HTML, which escapes by itself."""
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in str(text)[: LONGEST * 20]
        if sign in "\t\n\r" or unicodedata.category(sign) not in _INVISIBLE
    )
    kept = re.sub(r" +", " ", kept).strip()
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1].rstrip() + "…"


def label(text: object) -> str:
    """For every string that reaches Plotly, which reads `<a>`, `<span>` and `<br>` as markup."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def csv_cell(value: object) -> object:
    """Numbers stay numbers; text that a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def slug(text: object) -> str:
    """Lower-case letters, digits and hyphens, for addresses; never empty."""
    plain = unicodedata.normalize("NFKD", clean(text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40] or "value"


def slugs(texts: list[str]) -> list[str]:
    """One slug a text, no two the same."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        name = slug(text)
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found
