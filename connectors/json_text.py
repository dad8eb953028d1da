"""JSON as vendors really write it: half of a character must not cost the answer that it is in.

A text that was cut in the middle of an emoji ends in one half of a surrogate pair, and vendors
escape that half as it is. That is JSON, and no text: our parser refuses all of it.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

# What is escaped, from left to right: a backslash or another sign, a whole pair, half of one.
_ESCAPED = re.compile(
    rb"(\\[^u]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
REPLACEMENT = rb"\ufffd"


def whole_characters(data: bytes) -> bytes:
    """Put the replacement character where half of a character stands; leave all else as it is."""
    return _ESCAPED.sub(lambda found: found[1] or REPLACEMENT, data)


def loads(data: bytes) -> Any:
    """Return the value of a JSON text, halves of characters replaced.

    Raises `orjson.JSONDecodeError` where it is no JSON all the same. Texts without such halves,
    which is nearly all, are looked at once.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return orjson.loads(whole_characters(data))
