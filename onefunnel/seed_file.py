"""A seed as people edit it: the rows of a CSV by line, and how a cell of each kind is written.

Belongs here: reading one file, and what people cannot tell from what. Not here: what a seed's own
tests say of its rows (`seed_rules.py`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import available_timezones

Row = dict[str, str]


def is_date(text: str) -> bool:
    """Whether it is a day as the engine reads it: Python knows more ways to write one."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def matches(pattern: str) -> Callable[[str], object]:
    """Whether the whole text is such a one."""
    return re.compile(pattern).fullmatch


# What a cell of a type, or of a column whose meta says how it is `written`, must be, and how to
# write it.
KINDS: dict[str, tuple[Callable[[str], object], str]] = {
    "bigint": (matches(r"-?[0-9]{1,18}"), "a whole number"),
    "date": (is_date, "a date as 2026-01-31"),
    "numeric(28, 6)": (
        matches(r"-?[0-9]{1,22}(\.[0-9]{1,6}0*)?"),
        "a number with a point and at most 6 decimals, without thousands separators",
    ),
    "boolean": (matches("(?i)true|false"), "true or false"),
    "above zero": (matches(r"[0-9.]*[1-9][0-9.]*"), "a number above zero"),
    "time": (matches(r"([01][0-9]|2[0-3]):[0-5][0-9]"), "a time as 09:00"),
    # Looked for only when a cell needs it: every zone's file is opened for the list.
    "time zone": (lambda text: text in available_timezones(), "an IANA name as Europe/Berlin"),
    "currency": (matches("[A-Z]{3}"), "an ISO code as EUR"),
    "domain": (matches(r"[^@/:\s]+\.[^@/:\s]+"), "a domain as example.com"),
    "address": (matches(r"[^@/:\s]+@[^@/:\s]+\.[^@/:\s]+"), "an address as ada@example.com"),
    "address or id": (matches(r"([^@/:\s]+@)?[^@/:\s]+"), "ada@example.com, example.com or an id"),
}
NOT_UTF8 = "a sign is not UTF-8; save the file as `CSV UTF-8`, or as UTF-8 in an editor"
# Letters of other alphabets that look like ours.
LOOKALIKES = str.maketrans("авекмнорстухіѕјԁαβεηικνορτυχ", "abekmhopctyxisjdabenikvoptux")


@dataclass(frozen=True)
class Seed:
    """One CSV file with its rows by line."""

    file: str
    # The yml that says what its columns may hold.
    tests: str
    types: Mapping[str, str]
    # Names in KINDS that each column must meet.
    kinds: Mapping[str, tuple[str, ...]]
    rows: Mapping[int, Row]

    def at(self, line: int, problem: str) -> str:
        """A problem with where it stands."""
        return f"{self.file}, line {line}: {problem}"


def read(seed: Seed, path: Path, found: list[str]) -> Seed:
    """The rows of a file by line; what does not fit its header goes to `found`."""
    rows: dict[int, Row] = {}
    content = path.read_bytes()
    try:
        lines = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except UnicodeDecodeError as error:
        found.append(seed.at(line_of(error), NOT_UTF8))
        return seed
    line = 1
    try:
        header = next(lines, [])
        if sorted(header) != sorted(seed.types):
            told, wanted = ", ".join(header) or "not there", ", ".join(seed.types)
            if len(header) == 1 and re.search("[;\t|]", header[0]):
                wanted += ", with commas between them: save the file as `CSV UTF-8`"
            found.append(seed.at(1, f"the columns are {told}; they must be {wanted}"))
            return seed
        line = lines.line_num + 1
        for cells in lines:
            if len(cells) == len(header):
                rows[line] = dict(zip(header, cells, strict=True))
            elif cells:
                found.append(
                    seed.at(
                        line,
                        f"{len(cells)} cells where {len(header)} belong; a value with a comma "
                        'stands in "quotes"',
                    )
                )
            line = lines.line_num + 1
    except csv.Error:
        found.append(
            seed.at(
                line,
                "a quote has no end, or something follows it; a value with quotes stands in "
                'quotes, with each of its own twice: "so ""called"" value"',
            )
        )
    return replace(seed, rows=rows)


def wrong_kinds(seed: Seed) -> Iterator[str]:
    """Cells that are no number, date or the like where one belongs."""
    for line, row in seed.rows.items():
        for column, text in row.items():
            for kind in seed.kinds[column]:
                if text and kind in KINDS and not KINDS[kind][0](text.strip()):
                    yield seed.at(line, f"{column} is {text!r}; write {KINDS[kind][1]}")
                    break


def line_of(error: UnicodeDecodeError) -> int:
    """The line of the first sign that cannot be read."""
    return error.object.count(b"\n", 0, error.start) + 1


def unreadable(project: Path) -> list[str]:
    """Files at which dbt stops without naming them: their signs are not UTF-8."""
    found = []
    for folder in ("seeds", "models", "macros", "tests"):
        for path in sorted((project / folder).rglob("*.*")):
            try:
                path.read_bytes().decode()
            except UnicodeDecodeError as error:
                place = f"{project.name}/{path.relative_to(project)}, line {line_of(error)}"
                found.append(f"{place}: {NOT_UTF8}")
    return found


def alike(text: str) -> str:
    """What people cannot tell from it: without case, blanks and the alphabet of a letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(LOOKALIKES).split())


def strange(text: str) -> str:
    """The signs that are not what they look like, by name; empty when there are none."""
    odd = [sign for sign in text if not sign.isascii() and alike(sign).isascii()]
    return "".join(f" ({sign!r} is {unicodedata.name(sign, 'unnamed')})" for sign in odd)
