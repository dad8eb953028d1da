"""What a built site must be before anybody is served it: whole, and without a person in it.

`check_site(out, personal_values)` gives a list of problems; an empty one means it may be published.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dashboards.crm import NOWHERE, is_record

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Plotly's own script is not made from data; its licence names its authors.
_NOT_OURS = ("plotly.",)
SHORTEST_VALUE = 6
NOBODY: Mapping[str, str] = {}
_INNER = r"[^\W_]+(?:['’.\-]+[^\W_]+)*"
_WORD = re.compile(_INNER)
_RUN = re.compile(rf"{_INNER}(?:\s+{_INNER})*")


class SiteUnfit(Exception):
    """The site may not be published."""


class _Page(HTMLParser):
    """Addresses and ids of a page, and what its policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.blocked: list[str] = []
        self.policy = ""
        self._script_type: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if tag == "meta" and given.get("http-equiv", "") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        self.addresses += [str(given[name]) for name in ("href", "src") if given.get(name)]
        self.blocked += [
            f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")
        ]
        if tag == "style" or (tag == "script" and "src" not in given):
            kind = given.get("type", "")
            if kind != "application/json":
                self.blocked.append(f"<{tag}>")


def check_site(
    out: Path,
    personal_values: Mapping[str, str] = NOBODY,
    own_words: str = "",
    crm: Mapping[str, str] = NOWHERE,
) -> list[str]:
    """Problems of a built site: persons in it, missing files, broken links, no policy.

    `personal_values`: each address or full name with its column, which is named when it is found.
    `own_words`: texts that are ours; a name that equals a phrase of them is no finding.
    `crm`: where each CRM shows its records; only links to records there may leave the site.
    """
    pages = {path: _read(path) for path in sorted(out.glob("*.html"))}
    if not pages:
        return [f"{out}: no page there"]
    return [*_persons(out, personal_values, own_words), *_links(out, pages, crm), *_policies(pages)]


def require_fit(
    out: Path,
    personal_values: Mapping[str, str] = NOBODY,
    own_words: str = "",
    crm: Mapping[str, str] = NOWHERE,
) -> None:
    """Raise when the site may not be published."""
    problems = check_site(out, personal_values, own_words, crm)
    if problems:
        raise SiteUnfit(
            f"The site at {out} is not published:\n- " + "\n- ".join(problems[:20])
            + "\nThe release before stays as it is."
        )  # fmt: skip


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _persons(out: Path, personal_values: Mapping[str, str], own_words: str) -> Iterator[str]:
    # By look-up, not by searching for each value: a company knows ten thousands of people.
    wanted: dict[str, str] = {}
    for value, column in personal_values.items():
        phrase = _phrase(value)
        if len(phrase) >= SHORTEST_VALUE:
            wanted.setdefault(phrase, column)
    lengths = sorted({phrase.count(" ") + 1 for phrase in wanted})
    ours = {phrase for phrase in _phrases(_own() + own_words, lengths) if phrase in wanted}
    for path in sorted(out.rglob("*")):
        if not path.is_file() or path.name.startswith(_NOT_OURS):
            continue
        text = _plain(path.read_text(encoding="utf-8", errors="replace"))
        addresses = {_phrase(address) for address in _EMAIL.findall(text)}
        if addresses:
            yield f"{path.name}: holds an e-mail address; only aggregates may be published"
        named = {phrase for phrase in _phrases(text, lengths) if phrase in wanted} - ours
        for column in sorted({wanted[value] for value in named | (addresses & wanted.keys())}):
            yield (
                f"{path.name}: holds a value of {column}, which is marked personal: map the "
                "value in a seed, or correct it in the CRM (it is not repeated here)"
            )


def _plain(text: str) -> str:
    """What a reader would see of a page or of the JSON in it."""
    for escaped, sign in (("\\u0026", "&"), ("\\u003c", "<"), ("\\u003e", ">")):
        text = text.replace(escaped, sign)
    return html.unescape(text)


def _own() -> str:
    """Templates, scripts and report modules."""
    return "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "reports/*.py", "templates/*.html", "kinds/*.py", "static/**/*.js")
        for path in sorted(Path(__file__).parent.glob(pattern))
    )


def _phrase(value: str) -> str:
    return " ".join(_WORD.findall(value.casefold()))


def _phrases(text: str, lengths: Sequence[int]) -> Iterator[str]:
    """Every run of so many words with nothing but blanks between them."""
    for run in _RUN.findall(text.casefold()) if lengths else ():
        words = run.split()
        for length in lengths:
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])


def _links(out: Path, pages: dict[Path, _Page], crm: Mapping[str, str]) -> Iterator[str]:
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme == "data" or is_record(crm, address):
                continue
            if parts.scheme or parts.netloc:
                yield f"{path.name}: leads outside the site ({address[:60]})"
                continue
            target = out / unquote(parts.path) if parts.path else path
            if not target.is_file():
                yield f"{path.name}: {address[:60]} is missing"
            elif parts.fragment and target in pages and parts.fragment not in pages[target].ids:
                yield f"{path.name}: nothing is at {address[:60]}"


def _policies(pages: dict[Path, _Page]) -> Iterator[str]:
    for path, page in pages.items():
        if "default-src 'none'" not in page.policy:
            yield f"{path.name}: has no content security policy"
        if page.blocked:
            yield f"{path.name}: its policy would block {', '.join(sorted(set(page.blocked))[:4])}"
