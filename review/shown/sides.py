"""Who changes sides in words: groups of leads and deals, and the clauses by which they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboards import formats
from review.shown import numbers
from review.shown.document import Cell, Folded, Heading, Paragraph, Part, Piece, Table, Value

MOST_ROWS = 15
TERMS = {"mql": "MQLs", "sal": "SALs", "deal": "Pipeline"}
KINDS = {"leaves": "leave", "enters": "enter", "moves": "move in time", "stays": "stay"}
UNCHANGED: Piece = numbers.UNCHANGED
Report = Mapping[str, Any]


def movers(report: Report, money: str) -> Iterator[Part]:
    """Who leaves, enters and moves in time, and what became of them."""
    yield Heading("Who changes sides, and what became of them")
    said = {term: rows for term, rows in report["movers"].items() if term in TERMS}
    still = [
        TERMS[term] for term, rows in said.items() if all(row["kind"] == "stays" for row in rows)
    ]
    leads = [
        lead_line(term, row, money)
        for term in ("mql", "sal")
        for row in said.get(term, [])
        if TERMS[term] not in still
    ]
    if leads:
        yield Table(
            ("", "Leads", "Accepted of decided", "Rejected", "Never worked", "Pending",
             "With opportunity", "Won", "Pipeline"), tuple(leads),
        )  # fmt: skip
    deals = [deal_line(row, money) for row in said.get("deal", []) if TERMS["deal"] not in still]
    if deals:
        yield Table(("", "Opportunities", "Won", "Lost", "Open", "Pipeline"), tuple(deals))
    if still:
        yield Paragraph((", ".join(still) + ": ", UNCHANGED, ", nobody leaves, enters or moves."))
    if report["judgements"]:
        lines = tuple(
            (str_of(row["what"]), Value(str(row["from"])), Value(str(row["to"])),
             numbers.group(row["n"]), money_of(row, money))
            for row in report["judgements"][:MOST_ROWS]
        )  # fmt: skip
        header = ("Judged otherwise", "Today", "With the change", "How many", "Pipeline")
        yield Table(header, lines, text_columns=3)


def lead_line(term: str, row: Report, money: str) -> tuple[Cell, ...]:
    """A group of leads."""
    return (
        f"{TERMS[term]} that {KINDS[row['kind']]}",
        numbers.group(row["n"]),
        formats.NOTHING
        if term == "sal"
        else numbers.with_interval(row, "acceptance", "accepted", "decided"),
        numbers.group(row["rejected"]),
        numbers.group(row["never_worked"]),
        numbers.group(row["pending"]),
        numbers.group(row["with_opportunity"]),
        numbers.with_interval(row, "won_rate", "won", "n"),
        money_of(row, money),
    )


def deal_line(row: Report, money: str) -> tuple[Cell, ...]:
    """A group of opportunities."""
    return (
        f"{TERMS['deal']} that {'changes its time' if row['kind'] == 'moves' else row['kind']}",
        numbers.group(row["n"]),
        numbers.with_interval(row, "won_rate", "won", "n"),
        numbers.group(row["lost"]),
        numbers.group(row["open"]),
        money_of(row, money),
    )


def money_of(row: Report, money: str) -> str:
    """The pipeline of a group."""
    value = row["pipeline"]
    return numbers.WITHHELD if value is None else formats.money(value, money)


def str_of(text: Any) -> Value:
    """A word of the report that is not ours to trust."""
    return Value(str(text))


def clauses(report: Report, money: str) -> Iterator[Part]:
    """By failing clause: who is out by which condition alone, and what is lost by it."""
    yield Heading("By failing clause")
    if not report["by_clause"]:
        yield Paragraph(("Nobody leaves or enters: ", UNCHANGED, "."))
    else:
        lines = tuple(
            (
                f"{TERMS[row['term']]} that {KINDS[row['kind']]}",
                clause_cell(row["clauses"]),
                numbers.group(row["n"]),
                numbers.group(row["accepted"]) if row["term"] == "mql" else formats.NOTHING,
                numbers.group(row["won"]),
                money_of(row, money),
            )
            for row in report["by_clause"][: 2 * MOST_ROWS]
        )
        header = ("", "Fails", "How many", "Accepted", "Won", "Pipeline")
        yield Table(header, lines, text_columns=2)
    moved = [row for row in report["clauses"] if row["moved"]]
    if moved:
        counts = tuple(
            (Value(str(row["definition"])), Value(str(row["clause"])),
             arrow(row, "judged"), arrow(row, "failed"), arrow(row, "alone"))
            for row in moved
        )  # fmt: skip
        named = ("Definition", "Clause", "Judged", "Fail it", "Fail it alone")
        yield Folded(
            f"Every clause: {len(moved)} of {len(report['clauses'])} counts move",
            (Table(named, counts, text_columns=2),),
        )


def clause_cell(names: Sequence[Any]) -> Cell:
    """The clauses of a group; one alone is what a reviewer looks for."""
    named: list[Piece] = [Value(str(name)) for name in names] or [Value("none")]
    parts: list[Piece] = []
    for number, name in enumerate(named):
        parts += [" and ", name] if number else [name]
    return (*parts, " alone") if len(named) == 1 else tuple(parts)


def arrow(row: Report, name: str) -> str:
    """A count on both sides."""
    base, head = row[f"base_{name}"], row[f"head_{name}"]
    if base == head:
        return numbers.group(base)
    return f"{numbers.group(base)} → {numbers.group(head)}"
