"""Rows of the seeds that cannot be right, told by file and line before anything is built.

Each seed's own schema tests say what a row must be (types, lists of values, keys, validity), and
dbt runs them too; it would say which test failed, and people who edit a CSV need the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from onefunnel.config import DBT_PROJECT
from onefunnel.refusal import Refusal
from onefunnel.seed_file import KINDS, Seed, alike, is_date, read, strange

SHOWN = 10
EVER, NEVER = "0001-01-01", "9999-12-31"


def require_sound(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> None:
    """Raise for rows that break what their seed's tests say, naming file, line and remedy."""
    found = problems(manifest, project)
    if found:
        more = f"\nand {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise Refusal(
            "\n".join(found[:SHOWN]) + more,
            remedy="Correct the rows and run again (what a column may hold stands in the .yml "
            "beside the file); the last release is still served",
        )


def problems(manifest: Mapping[str, Any], project: Path = DBT_PROJECT) -> list[str]:
    """Every row that breaks a rule, as `file, line: problem and remedy`."""
    found: list[str] = []
    seeds: dict[str, Seed] = {}
    for key, node in manifest["nodes"].items():
        if node["resource_type"] == "seed":
            path, types = project / node["original_file_path"], node["config"]["column_types"]
            kinds = {
                name: (kind, node["columns"][name]["config"]["meta"].get("written", ""))
                for name, kind in types.items()
            }
            seed = Seed(f"{project.name}/{node['original_file_path']}", types, kinds, {})
            seeds[key] = read(seed, path, found)
    if found:
        return found
    for seed in seeds.values():
        found += [*wrong_kinds(seed), *blanks_around(seed)]
    keys: dict[str, set[str]] = {key: set() for key in seeds}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node") in seeds:
            given, seed = node["test_metadata"]["kwargs"], seeds[node["attached_node"]]
            name = node["test_metadata"]["name"]
            if name in RULES:
                found += RULES[name](seed, {**given, **node["config"]}, seeds)
            if name in KEYS:
                keys[node["attached_node"]].update(columns_of(seed, given))
    for key, seed in seeds.items():
        found += spelled_otherwise(seed, keys[key])
    return sorted(set(found), key=lambda told: re.sub(r"[0-9]+", lambda n: n[0].zfill(9), told))


def wrong_kinds(seed: Seed) -> Iterator[str]:
    """Cells that are no number, date or the like where one belongs."""
    for line, row in seed.rows.items():
        for column, text in row.items():
            for kind in seed.kinds[column]:
                if text and kind in KINDS and not KINDS[kind][0](text.strip()):
                    yield seed.at(line, f"{column} is {text!r}; write {KINDS[kind][1]}")
                    break


def blanks_around(seed: Seed) -> Iterator[str]:
    """Cells that begin or end with a blank, which nobody sees."""
    for line, row in seed.rows.items():
        for column, text in row.items():
            if text != text.strip():
                yield seed.at(line, f"{column} is {text!r}; write {text.strip()!r}, without blanks")


def spelled_otherwise(seed: Seed, keys: Iterable[str]) -> Iterator[str]:
    """Names of ours that differ from one above in case, blanks or alphabet alone."""
    for column in (name for name, type_ in seed.types.items() if type_ == "varchar"):
        first: dict[str, tuple[str, int]] = {}
        for line, row in seed.rows.items() if column not in keys else ():
            text, above = first.setdefault(alike(row[column]), (row[column], line))
            if row[column] != text:
                yield seed.at(
                    line,
                    f"{column} {row[column]!r}{strange(row[column])} reads like {text!r} in line "
                    f"{above}; write both the same",
                )


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
            yield unknown(
                seed, line, column, row[column], allowed, "it may be " + ", ".join(allowed)
            )


def unknown(
    seed: Seed, line: int, column: str, text: str, known: Iterable[str], remedy: str
) -> str:
    """The problem with a word outside a list: what to write when it reads like one inside."""
    meant = next((one for one in sorted(known) if alike(one) == alike(text)), None)
    remedy = f"write {meant!r}" if meant else remedy
    return seed.at(line, f"{column} {text!r}{strange(text)} is unknown; {remedy}")


def not_elsewhere(seed: Seed, given: Mapping[str, Any], seeds: Mapping[str, Seed]) -> Iterator[str]:
    """Words that the seed which lists them does not know."""
    named = re.findall(r"ref\('(\w+)'\)", given["to"])
    other = next((seeds[key] for key in seeds if key.rsplit(".", 1)[-1] in named), None)
    if other:
        known = {row[given["field"]] for row in other.rows.values()}
        column = given["column_name"]
        only = re.findall(r"(\w+) = '(\w+)'", given.get("where") or "")
        for line, row in seed.rows.items():
            if any(row[name] != value for name, value in only):
                continue
            if row[column] and row[column] not in known:
                yield unknown(seed, line, column, row[column], known, f"add it to {other.file}")


def columns_of(seed: Seed, given: Mapping[str, Any]) -> list[str]:
    """The columns that make the key of a test."""
    told = given.get("columns") or given.get("keys") or [given["column_name"]]
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


def too_low(seed: Seed, given: Mapping[str, Any], _: Mapping[str, Seed]) -> Iterator[str]:
    """Cells below those of another column."""
    column, floor = given["column"], given["floor"]
    for line, row in seed.rows.items():
        if row[column] < row[floor]:
            yield seed.at(line, f"{column} {row[column]} is before {floor} {row[floor]}; move one")


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


RULES: dict[str, Callable[[Seed, Mapping[str, Any], Mapping[str, Seed]], Iterator[str]]] = {
    "always_given": not_given,
    "accepted_values": not_in_list,
    "relationships": not_elsewhere,
    "unique": repeated,
    "one_row_per": repeated,
    "validity_does_not_overlap": overlapping,
    "at_least": too_low,
    "exactly_one_row": not_one,
    "begins_a_period": begins_none,
}
KEYS = ("unique", "one_row_per", "validity_does_not_overlap", "accepted_values", "relationships")
