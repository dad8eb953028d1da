"""What a schema test of a seed says of its rows, by file and line: the same as dbt says of it.

Belongs here: one function for each test that dbt runs on seeds, and the words of its remedy. Not
here: how a cell of a type is written (`seed_file.py`), which tests a seed has (`seed_rows.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches as close
from typing import Any

from onefunnel.seed_file import KINDS, Seed, alike, is_date, strange, wrong_kinds

NUMBER = KINDS["numeric(28, 6)"][0]
EVER, NEVER = "0001-01-01", "9999-12-31"


def rows_of(seed: Seed, where: str | None) -> Seed:
    """The rows of which a test speaks: those that its `where` names."""
    named = re.findall(r"(\w+) (?:=|in) ('[^']*'|\([^)]*\))", where or "")
    only = [(column, re.findall("'([^']*)'", values)) for column, values in named]
    rows = {
        line: row
        for line, row in seed.rows.items()
        if all(row[column] in values for column, values in only)
    }
    return replace(seed, rows=rows)


def not_given(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Cells that must not be empty."""
    for line, row in seed.rows.items():
        for column in given["columns"]:
            if not row.get(column, "").strip():
                yield seed.at(line, f"{column} is empty; give it a value")


def not_in_list(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Words that are none of the list."""
    allowed, column = [str(value) for value in given["values"]], given["column_name"]
    for line, row in seed.rows.items():
        if row[column] and row[column] not in allowed:
            yield unknown(seed, line, column, row[column], allowed, one_of(seed, allowed))


def not_in_list_by(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Words that do not belong to the word beside them, or whose neighbour is none of the list."""
    column, by = given["column_name"], given["by"]
    for line, row in seed.rows.items():
        allowed = [str(value) for value in given["values"].get(row[by], [])]
        if row[by] and not allowed:
            yield unknown(seed, line, by, row[by], given["values"], one_of(seed, given["values"]))
        elif row[column] and row[by] and row[column] not in allowed:
            problem = f"does not belong to {by} {row[by]!r}"
            remedy = one_of(seed, allowed)
            yield unknown(seed, line, column, row[column], allowed, remedy, problem)


def not_of_its_own(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Names that no row says of itself, so that they are none of ours."""
    column, by = given["column_name"], given["by"]
    known = {row[column]: None for row in seed.rows.values() if row[column] == row[by]}
    for line, row in seed.rows.items():
        if row[column] and row[column] not in known:
            new = {**row, by: row[column], "valid_from": "", "valid_to": ""}
            told = ",".join(new[name] for name in row)
            remedy = f"it may be {', '.join(known)}; a new one needs a row of its own too: {told}"
            yield unknown(seed, line, column, row[column], known, remedy)


def one_of(seed: Seed, allowed: Iterable[str]) -> str:
    """The words of a closed list, and where it stands."""
    return f"it may be {', '.join(allowed)} (the list is in {seed.tests})"


def unknown(
    seed: Seed,
    line: int,
    column: str,
    text: str,
    known: Iterable[str],
    remedy: str,
    problem: str = "is unknown",
) -> str:
    """The problem with a word outside a list: what to write when it reads like one inside."""
    meant = next((one for one in sorted(known) if alike(one) == alike(text)), None)
    remedy = f"write {meant!r}" if meant else remedy
    return seed.at(line, f"{column} {text!r}{strange(text)} {problem}; {remedy}")


def not_elsewhere(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Words that the seed which lists them does not know."""
    other = seed_of(given["to"], seeds)
    if other:
        known = {row[given["field"]] for row in other.rows.values()}
        column = given["column_name"]
        for line, row in seed.rows.items():
            if row[column] and row[column] not in known:
                near = "".join(f"write {one!r}, or " for one in close(row[column], known, 1, 0.8))
                remedy = f"{near}add it to {other.file}"
                yield unknown(seed, line, column, row[column], known, remedy)


def not_a_row(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Words that stand in the seed which lists them, but not together."""
    columns, other = given["columns"], seed_of(given["to"], seeds)
    if other:
        known = {tuple(row[column] for column in columns) for row in other.rows.values()}
        for line, row in seed.rows.items():
            key = tuple(row[column] for column in columns)
            if all(key) and key not in known:
                yield seed.at(
                    line,
                    f"{' and '.join(columns)} {', '.join(map(repr, key))} stand together in no "
                    f"row of {other.file}; write them as there, or add them",
                )


def seed_of(reference: str, seeds: Mapping[str, Seed]) -> Seed | None:
    """The seed that a test names with `ref`; none when it is a model."""
    named = re.findall(r"ref\('(\w+)'\)", reference)
    return next((seeds[key] for key in seeds if key.rsplit(".", 1)[-1] in named), None)


def columns_of(seed: Seed, given: Mapping[str, Any]) -> list[str]:
    """The columns that make the key of a test."""
    told = given.get("columns") or given.get("keys") or [given["column_name"], given.get("by", "")]
    return [name for one in told for name in re.findall(r"\w+", one) if name in seed.types]


def repeated(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """A key that an earlier line has already, as look-ups compare it."""
    columns = columns_of(seed, given)
    first: dict[tuple[str, ...], int] = {}
    for line, row in seed.rows.items():
        key = tuple(alike(row[column]) for column in columns)
        if key in first and any(key):
            told = " ".join(filter(None, (row[column] for column in columns)))
            yield seed.at(line, f"{told!r} stands in line {first[key]} already; keep one of them")
        first.setdefault(key, line)


def not_one(seed: Seed, _: Mapping[str, Any], __: Mapping[str, Seed]) -> Iterator[str]:
    """More or fewer rows than the one that there must be."""
    if len(seed.rows) != 1:
        line = list(seed.rows)[1] if seed.rows else 2
        yield seed.at(line, f"the file has {len(seed.rows)} rows; it must have one")


def lacking(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Rows that are not there though something rests on them."""
    columns = given.get("columns", [])
    held = [[row[column] for column in columns] for row in seed.rows.values()]
    for wanted in given.get("rows", [[]]):
        if wanted not in held:
            told = f"no row for {', '.join(wanted)}" if wanted else "no row"
            yield f"{seed.file}: {told}; add one"


def not_later(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Times that are not after those of another column."""
    column, start = given["column"], given["start"]
    for line, row in seed.rows.items():
        if row[column] and row[start] and row[column] <= row[start]:
            told = f"{column} {row[column]} is not after {start} {row[start]}"
            yield seed.at(line, f"{told}; move one of them")


def out_of_range(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Numbers below or above what there can be."""
    column, low, high = given["column_name"], given.get("low", 0), given.get("high", float("inf"))
    told = f"{low} or more" if high == float("inf") else f"a number from {low} to {high}"
    for line, row in seed.rows.items():
        if NUMBER(row[column]) and not low <= float(row[column]) <= high:
            yield seed.at(line, f"{column} is {row[column]!r}; write {told}")


def not_written_as(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Cells of another kind than those beside this word are."""
    column, (is_such, told) = given["column_name"], KINDS[given["kind"]]
    for line, row in seed.rows.items():
        if row[column] and not is_such(row[column].strip()):
            yield seed.at(line, f"{column} is {row[column]!r}; write {told}")


def begins_none(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Days on which no week or fiscal quarter begins."""
    calendar = next(one for key, one in seeds.items() if key.endswith(".calendar"))
    if [*not_one(calendar, given, seeds), *wrong_kinds(calendar)]:
        return
    (settings,) = calendar.rows.values()
    for line, row in seed.rows.items():
        text = row[given["column_name"]]
        day = date.fromisoformat(text) if is_date(text) else None
        if given["period"] == "week":
            is_first = day is None or day.strftime("%A").lower() == settings["week_start"]
            remedy = f"its weeks begin on {settings['week_start']}"
        else:
            begin = int(settings["fiscal_year_start_month"] or 1)
            is_first = day is None or (day.day == 1 and (day.month - begin) % 3 == 0)
            remedy = f"its fiscal year begins with month {begin}"
        if not is_first:
            told = given["period"].replace("_", " ")
            yield seed.at(
                line,
                f"{given['column_name']} {text}: no {told} begins then; write its first day "
                f"({remedy}, says {calendar.file})",
            )


def overlapping(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Two meanings of one value at the same time."""
    columns = columns_of(seed, given)
    held: dict[tuple[str, ...], list[tuple[str, str, int]]] = {}
    for line, row in seed.rows.items():
        key = tuple(alike(row[column]) for column in columns)
        since, until = row["valid_from"] or EVER, row["valid_to"] or NEVER
        if not (is_date(since) and is_date(until)):
            continue
        if until <= since:
            yield seed.at(
                line, f"valid_to {until} is not after valid_from {since}; move one of them"
            )
        held.setdefault(key, []).append((since, until, line))
    for key, periods in held.items():
        for (_begun, until, earlier), (since, _ended, later) in zip(
            sorted(periods), sorted(periods)[1:], strict=False
        ):
            if since < until:
                told = " ".join(filter(None, key))
                yield seed.at(
                    max(earlier, later),
                    f"{told!r} holds in line {min(earlier, later)} at the same time; end that row "
                    "with valid_to where this one begins with valid_from",
                )


def not_the_same(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Rows that give a key another value than most of its rows do, here or in the other seed."""
    key, value = given["key"], given["value"]
    held: dict[str, list[tuple[str, Seed, int]]] = {}
    for one in filter(None, (seed, seed_of(given["also"], seeds))):
        for line, row in one.rows.items():
            held.setdefault(alike(row[key]), []).append((row[value], one, line))
    for found in held.values():
        (usual, _), *_ = Counter(text for text, _, _ in found).most_common()
        file, known = next((one.file, line) for text, one, line in found if text == usual)
        for text, one, line in found:
            if text != usual:
                yield one.at(
                    line,
                    f"{key} {one.rows[line][key]!r} has {value} {text!r} here and {usual!r} in "
                    f"{file}, line {known}; write the same {value}, or another {key}",
                )


RULES: dict[str, Callable[[Seed, Mapping[str, Any], Mapping[str, Seed]], Iterator[str]]] = {
    "always_given": not_given,
    "accepted_values": not_in_list,
    "accepted_values_by": not_in_list_by,
    "has_a_row_of_its_own": not_of_its_own,
    "relationships": not_elsewhere,
    "is_row_of": not_a_row,
    "unique": repeated,
    "one_row_per": repeated,
    "validity_does_not_overlap": overlapping,
    "later_than": not_later,
    "not_negative": out_of_range,
    "is_between": out_of_range,
    "is_written_as": not_written_as,
    "exactly_one_row": not_one,
    "has_row_for": lacking,
    "not_empty": lacking,
    "begins_a_period": begins_none,
    "one_value_per": not_the_same,
}
# Whose columns are not compared for their spelling: these tests do it.
KEYS = {
    "unique",
    "one_row_per",
    "validity_does_not_overlap",
    "accepted_values",
    "accepted_values_by",
    "has_a_row_of_its_own",
    "relationships",
    "is_row_of",
}
