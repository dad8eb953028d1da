"""Lines of code and data: their indentation is kept, what does not show is not."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 160
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def code(line: str) -> str:
    """One line, cut, without control or direction signs and without an address of a person."""
    kept = "".join(
        " " if sign == "\t" else sign
        for sign in ADDRESS.sub("(address)", line[: LONGEST * 4])
        if sign == "\t" or unicodedata.category(sign)[0] != "C"
    )
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"
