"""Warnings in words. What a warning names is shown as somebody else's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards.formats import count
from review.effect.metrics import TARGETS, TITLES
from review.shown.document import Piece, Strong, Value

Pieces = tuple[Piece, ...]
Row = Mapping[str, Any]
MOST_NAMES = 8


def named(names: Sequence[Any]) -> Pieces:
    """A list of names, cut when it is long."""
    shown = [piece for name in names[:MOST_NAMES] for piece in (", ", Value(str(name)))][1:]
    more = len(names) - MOST_NAMES
    return (*shown, f" and {more} more") if more > 0 else tuple(shown)


def titles(known: Mapping[str, str], names: Sequence[Any]) -> str:
    """Names of figures that we know."""
    return ", ".join(known[name] for name in names if name in known)


def constant(row: Row) -> Pieces:
    """A clause that decides nothing any more."""
    now = "is true for all" if row["fails"] == "none" else "is true for none"
    clause = f"{row['definition']}.{row['clause']}"
    return (Value(clause), f" {now} now, so it decides nothing.")


REMARKS: Mapping[str, Callable[[Row], Pieces]] = {
    "rests_on_mql": lambda row: (
        "SAL, acceptance and follow-up are counted among MQLs: they move because other leads are "
        "MQLs now, not because sales did anything else.",
    ),
    "targets": lambda row: (
        f"Targets were set under the old rule: {titles(TARGETS, row['metrics'])}.",
    ),
    "hardly_worked": lambda row: (
        f"Of the {count(row['n'])} newly admitted leads {count(row['unworked'])} were never "
        "worked: nobody treated them as MQLs, so there is no verdict on them.",
    ),
    "young": lambda row: (
        f"{count(row['young'])} of the {count(row['n'])} that leave or enter are younger than "
        f"{count(row['days'])} days: what becomes of them is not yet known.",
    ),
    "invariant": lambda row: (
        Strong("CHANGED"),
        f": {titles(TITLES, row['figures'])}. A rule about leads and deals does not touch these; "
        "find out why before anything else.",
    ),
    "only_arithmetic": lambda row: (
        Strong("Nobody can sign this"),
        ": no definition differs, the way from it to the published numbers does. So it stays at "
        "exit code 10, and both owners approve it in the pull request.",
    ),
    "by_macro": lambda row: (
        "Nothing in these files differs, yet they run otherwise since a macro changed (",
        *named(row["macros"]), "): ", *named(row["names"]), ".",
    ),
    "by_variable": lambda row: (
        Strong("A rule outside the files"),
        ": nothing in these files or in any macro differs, yet they run otherwise, so a number "
        "comes from a variable or the environment, where no review sees it: ",
        *named(row["names"]), ".",
    ),
    "constant": constant,
    "version": lambda row: (
        "The rule of ", Value(str(row["definition"])),
        " differs, but its version does not: raise ", Value("version"), " and ",
        Value("changed_on"), ", so that pages show the change.",
    ),
    "tests_removed": lambda row: ("Tests are removed: ", *named(row["names"]), "."),
    "tests_changed": lambda row: ("Tests are set otherwise: ", *named(row["names"]), "."),
    "removed": lambda row: ("Tables are removed: ", *named(row["names"]), "."),
    "left_out": lambda row: (
        "Not built or tested here, since they read what is only where the landing is: ",
        *named(row["names"]), ".",
    ),
}  # fmt: skip


def remark(row: Row) -> Pieces | None:
    """A warning in words; None for one that we do not know."""
    say = REMARKS.get(str(row.get("kind")))
    return say(row) if say else None
