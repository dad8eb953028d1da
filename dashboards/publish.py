"""What a built site must be before anybody is served it: whole, and without a person in it.

`check_site(out, personal_values)` gives a list of problems; an empty one means it may be published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Plotly's own script is not made from data; its licence names its authors.
_NOT_OURS = ("plotly.",)
SHORTEST_VALUE = 5


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


def check_site(out: Path, personal_values: Iterable[str] = ()) -> list[str]:
    """Problems of a built site: persons in it, missing files, broken links, no policy."""
    pages = {path: _read(path) for path in sorted(out.glob("*.html"))}
    if not pages:
        return [f"{out}: no page there"]
    return [*_persons(out, personal_values), *_links(out, pages), *_policies(pages)]


def require_fit(out: Path, personal_values: Iterable[str] = ()) -> None:
    """Raise when the site may not be published."""
    problems = check_site(out, personal_values)
    if problems:
        raise SiteUnfit(
            f"The site at {out} is not published:\n- " + "\n- ".join(problems[:20])
            + "\nThe release before stays as it is."
        )  # fmt: skip


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _persons(out: Path, personal_values: Iterable[str]) -> Iterator[str]:
    # Short values ("Li", "Ann") would be found everywhere; their e-mail address is found instead.
    values = sorted({v.strip().casefold() for v in personal_values if v}, key=len)
    values = [value for value in values if len(value) >= SHORTEST_VALUE]
    wanted = re.compile("|".join(rf"\b{re.escape(v)}\b" for v in values)) if values else None
    for path in sorted(out.rglob("*")):
        if not path.is_file() or path.name.startswith(_NOT_OURS):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if _EMAIL.search(text):
            yield f"{path.name}: holds an e-mail address; only aggregates may be published"
        if wanted and wanted.search(text.casefold()):
            yield f"{path.name}: holds a value of a column that is marked personal"


def _links(out: Path, pages: dict[Path, _Page]) -> Iterator[str]:
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme == "data":
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
