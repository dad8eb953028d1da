"""Load a library without an optional part of its own that is large and serves nothing here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(name: str) -> Iterator[None]:
    """Let a package seem not to be installed to what is imported meanwhile, if it is not loaded."""
    if name in sys.modules:
        yield
        return
    # What is None there cannot be imported (the language reference, "The module cache").
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
