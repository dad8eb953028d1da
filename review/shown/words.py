"""A report in words, in the order in which both teams read it: first the sentence, last the SQL.

Belongs here: what is said and in which order. Numbers are written in `numbers.py`, warnings in
`remarks.py`, and nothing is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from textwrap import wrap
from typing import Any

from review.effect.metrics import BREAKDOWN, TARGETS, TITLES
from review.shown import numbers
from review.shown.document import (
    Bullets,
    Cell,
    Folded,
    Heading,
    Lines,
    Paragraph,
    Part,
    Piece,
    Strong,
    Table,
    Value,
)
from review.shown.lines import ADDRESS
from review.shown.remarks import remark
from review.shown.sides import clauses, movers

MOST_ROWS = 15
# Names in a sentence, and signs in a line of what went wrong.
MOST_NAMED = 6
WIDTH = 150
QUARTERS = 2
TEAMS = {"both": "Both", "marketing": "Marketing", "sales": "Sales"}
UNCHANGED: Piece = numbers.UNCHANGED
Report = Mapping[str, Any]


def title(report: Report) -> str:
    """Title of the page."""
    return "Effect of this change"


def document(report: Report) -> list[Part]:
    """All parts of a report."""
    if report["verdict"] in ("failed", "not_comparable"):
        return failed(report)
    money = numbers.currency_of(report)
    return [
        Paragraph(sentence(report, money)),
        *headline(report, money),
        *targets(report, money),
        *page_figures(report, money),
        *breakdowns(report, money),
        *movers(report, money),
        *clauses(report, money),
        *remarks(report),
        *agreement(report),
        *details(report),
    ]


def failed(report: Report) -> list[Part]:
    """Why there is no comparison, by name."""
    said = {
        "failed": "This change cannot be merged: it does not build, or holds what it may not.",
        "not_comparable": "This change could not be compared with what is published.",
    }[report["verdict"]]
    problems = (
        wrap(ADDRESS.sub("(address)", str(line)), WIDTH, subsequent_indent="  ")
        for line in report["problems"][:40]
    )
    found: list[Part] = [Paragraph((Strong(said),)), Lines(tuple(chain.from_iterable(problems)))]
    if report.get("remedy"):
        found.append(Paragraph((Value(str(report["remedy"])),)))
    return found


def sentence(report: Report, money: str) -> tuple[Piece, ...]:
    """The change in one sentence: what moves most, and what does not."""
    if report["verdict"] == "unchanged":
        return (Strong("No number moves"), ": every published figure is unchanged.")
    rows = [row for row in report["headline"] if not row.get("is_invariant")]
    moved = [row for row in rows if row["moved"] and not row.get("is_withheld")]
    still = [TITLES[row["slug"]] for row in rows if not row["moved"]]
    if not moved:
        tables = [Value(str(row["table"])) for row in report["tables"] if row["moved"]]
        listed = [piece for one in tables[:MOST_NAMED] for piece in (", ", one)][1:]
        more = f" and {len(tables) - MOST_NAMED} more" if len(tables) > MOST_NAMED else ""
        where = (" in ", *listed, more) if tables else ()
        return (Strong("Numbers move"), *where, ", but none of the headline: see the tables below.")
    told = [
        f"{TITLES[row['slug']]} from {numbers.figure(row, 'base', money)} to "
        f"{numbers.figure(row, 'head', money)}"
        for row in moved[:3]
    ]
    more = f", and {len(moved) - 3} more move" if len(moved) > 3 else ""
    kept = f"; {', '.join(still[:4])} unchanged" if still else ""
    return (Strong("If this is merged:"), " " + ", ".join(told) + more + kept + ".")


def headline(report: Report, money: str) -> list[Part]:
    """Today, with the change, difference."""
    rows = tuple(
        (
            TITLES[row["slug"]],
            numbers.figure(row, "base", money),
            numbers.figure(row, "head", money),
            numbers.difference(row, money),
        )
        for row in report["headline"]
    )
    return [Table(("All time", "Today", "With the change", "Difference"), rows)]


def targets(report: Report, money: str) -> list[Part]:
    """Attainment by quarter and team; older quarters are folded."""
    rows = report["targets"]
    if not rows:
        return []
    quarters = list(dict.fromkeys(row["quarter"] for row in rows))
    recent = [row for row in rows if row["quarter"] in quarters[:QUARTERS]]
    older = [row for row in rows if row["quarter"] not in quarters[:QUARTERS]]
    found: list[Part] = [Heading("Targets"), target_table(recent, money)]
    if older:
        moved = sum(row["moved"] for row in older)
        said = f"Older quarters: {len(older)} targets, {moved} move" if moved else (
            f"Older quarters: all {len(older)} targets unchanged")  # fmt: skip
        found.append(Folded(said, (target_table(older, money),)))
    return found


def target_table(rows: Sequence[Report], money: str) -> Table:
    """One line a target."""
    lines = tuple(
        (
            numbers.quarter(row["quarter"]),
            TEAMS.get(row["team"], Value(str(row["team"]))),
            TARGETS.get(row["metric"], Value(str(row["metric"]))),
            numbers.promised(row, money),
            numbers.target(row, "base", money),
            numbers.target(row, "head", money) if row["moved"] else UNCHANGED,
        )
        for row in rows
    )
    header = ("Quarter", "Team", "Metric", "Target", "Today", "With the change")
    return Table(header, lines, text_columns=3)


def page_figures(report: Report, money: str) -> Iterator[Part]:
    """Figures of the pages that move: for a change to how they are summed up, the only ones."""
    rows = tuple(
        (
            Value(str(row["title"])),
            numbers.amount(row["base"], row["unit"], money),
            numbers.amount(row["head"], row["unit"], money),
            f"{numbers.group(row['moved'])} of {numbers.group(row['figures'])}",
        )
        for row in report.get("figures", [])
        if row["moved"]
    )
    if rows:
        yield Heading("Figures of the pages")
        yield Table(("All time", "Today", "With the change", "Periods that move"), rows)


def breakdowns(report: Report, money: str) -> Iterator[Part]:
    """By source, segment and campaign."""
    for name, rows in report["breakdowns"].items():
        if name not in ("source", "segment", "campaign"):
            continue
        moved = [row for row in rows if any(f["moved"] for f in row["figures"].values())]
        yield Heading(f"By {name}")
        if not moved:
            yield Paragraph((f"All {len(rows)} values are ", UNCHANGED, "."))
            continue
        header = (name.capitalize(), *(TITLES[slug] for slug in BREAKDOWN))
        lines = tuple(
            (Value(str(row["value"])), *(both(row["figures"][slug], money) for slug in BREAKDOWN))
            for row in moved[:MOST_ROWS]
        )
        yield Table(header, lines)
        rest = len(rows) - len(lines)
        hidden = len(moved) - len(lines)
        if rest:
            more = f"{hidden} more move; all others" if hidden else "All other values"
            yield Paragraph((f"{more} are ", UNCHANGED, "."))


def both(row: Report, money: str) -> Cell:
    """Today and with the change in one cell."""
    if row.get("is_withheld"):
        return numbers.WITHHELD
    base = numbers.figure(row, "base", money)
    return f"{base} → {numbers.figure(row, 'head', money)}" if row["moved"] else base


def remarks(report: Report) -> Iterator[Part]:
    """Warnings."""
    found = [remark(row) for row in report["warnings"]]
    shown = tuple(one for one in found if one)
    if shown:
        yield Heading("Before you read this as a verdict")
        yield Bullets(shown)


def agreement(report: Report) -> Iterator[Part]:
    """Who has signed and who must, and which pages show it."""
    yield Heading("Agreement and pages")
    concerned = [row for row in report["agreements"] if row["concerned"]]
    unsigned = [row for row in concerned if not row["is_agreed"]]
    if report["verdict"] == "unchanged" and unsigned:
        yield Paragraph(
            ("Nothing moves, but the rule is not the one that was signed. Each says so:",)
        )
        yield Bullets(
            tuple(
                (Value(str(row["owner"])), ": ", Value(f"{row['command']} --no-number-moves"))
                for row in unsigned
            )
        )
    elif report["verdict"] == "unchanged":
        yield Paragraph(("Nothing moves, so nothing has to be agreed.",))
    elif not concerned:
        yield Paragraph(("No definition moves, only how pages add up: there is none to sign.",))
    else:
        lines = tuple(
            (Value(str(row["definition"])), TEAMS.get(row["team"], Value(str(row["team"]))),
             Value(str(row["owner"])), status(row))
            for row in concerned
        )  # fmt: skip
        yield Table(("Definition", "Team", "Owner", "Signed"), lines, text_columns=4)
    pages: list[Piece] = [Value(str(name)) for name in report["pages"]]
    listed = [piece for page in pages for piece in (", ", page)][1:]
    yield Paragraph(("Pages that change: ", *(listed or ["none"]), "."))


def status(row: Report) -> Cell:
    """Whether a team has agreed to a definition as it stands."""
    if not row["is_agreed"]:
        return (Strong("no"), ": ", Value(str(row["command"])))
    if row["inputs_changed"]:
        return (
            "the rule yes, ",
            Strong("its inputs no"),
            ": ",
            Value(f"{row['command']} --inputs"),
        )
    return "yes"


def details(report: Report) -> Iterator[Part]:
    """Folded: what differs in the project, fingerprints, how it was made."""
    changes = report["changes"]
    listed: list[Part] = []
    for row in changes:
        reasons = ", ".join(str(reason) for reason in row["reasons"])
        listed.append(Paragraph((Value(str(row["file"])), " ", Value(reasons))))
        if row["diff"] and not report.get("is_public"):
            listed.append(Lines(tuple(str(line) for line in row["diff"])))
    yield Folded(f"What differs in the project ({len(changes)})", tuple(listed))
    rows = tuple(
        (Value(str(row["definition"])), Value(str(row["base"])),
         UNCHANGED if row["base"] == row["head"] else Value(str(row["head"])))
        for row in report["fingerprints"]
    )  # fmt: skip
    tables = [row for row in report["tables"] if row["moved"]]
    made = [
        f"{key} {value}"
        for key, value in (
            ("base", report["base"]["name"]),
            ("release", report["base"]["release"]),
            ("as of", report["base"]["as_of"]),
            ("landing", report["run"]["landing_fingerprint"]),
            ("tables built", report["built"]["tables"]),
            ("tests run", report["built"]["tests"]),
            ("published tables that differ", len(tables)),
            ("tables not built that rest on these", len(report.get("resting", []))),
            *((f"seconds to {name}", value) for name, value in report["seconds"].items()),
        )
    ]
    yield Folded(
        "Fingerprints, run and timings",
        (
            Table(("Definition", "Today", "With the change"), rows, text_columns=3),
            Lines(tuple(made)),
        ),
    )
