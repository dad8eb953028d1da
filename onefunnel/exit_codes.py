"""Exit codes of the command line, in the one table that the help and the documentation print."""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 2
BUSY = 3
SOURCE = 4
STORAGE = 5
NOTHING_PUBLISHED = 6
NOT_AGREED = 10
CHANGE_FAILED = 11
NOT_COMPARABLE = 12
INTERRUPTED = 130

MEANING: dict[int, str] = {
    OK: "done",
    FAILED: "the run failed (a model, a test or a page); the last release is still served",
    USAGE: "wrong usage or a wrong setting",
    BUSY: "another run of this home is under way",
    SOURCE: "a source is unreachable, refuses the credentials or has no quota left",
    STORAGE: "the home folder cannot be read or written (permission, full or read-only disk)",
    NOTHING_PUBLISHED: "there is no release to serve, or to go back to",
    NOT_AGREED: "numbers move, or a definition differs from what both teams signed",
    CHANGE_FAILED: "a change does not build, fails a test or contains what it may not",
    NOT_COMPARABLE: "a change cannot be compared: other landing or as_of than the release's",
    INTERRUPTED: "stopped by Ctrl-C",
}


def table() -> str:
    """The codes as lines for the help."""
    return "\n".join(f"{code:>4}  {meaning}" for code, meaning in MEANING.items())
