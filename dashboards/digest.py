"""The Weekly review to be sent around: PDF, picture and a short text, beside the site of a release.

Chromium prints the page where it is installed. Where it is not, or fails, the digest says so and
the release goes on: a missing PDF never stops a publication. Not here: what the page shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboards import weekly
from dashboards.crm import NOWHERE
from dashboards.glossary import read
from dashboards.kinds.rows import Table
from dashboards.source_data import PageData, opened

PAGE = "weekly.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60
# A person's window; the page is about this high.
WINDOW = "1280,1800"
SWITCHES = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    # It prints a file of ours and has nothing to ask of anybody.
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
    "--virtual-time-budget=4000",
)  # fmt: skip


@dataclass(frozen=True)
class Digest:
    """What was written, and why something was not."""

    files: tuple[str, ...]
    note: str = ""

    @property
    def said(self) -> str:
        """In one line."""
        return ", ".join(self.files) + (f"; {self.note}" if self.note else "")


def write(
    site: Path,
    warehouse: Path,
    out: Path,
    *,
    manifest: Path,
    crm: Mapping[str, str] = NOWHERE,
    browser: str | None = None,
) -> Digest:
    """Write `weekly.md` and, where a browser prints it, `weekly.pdf` and `weekly.png`."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    note = printed(site / PAGE, out, browser or found_browser())
    with opened(warehouse, read(manifest, None), datetime.now(UTC), crm) as data:
        (out / "weekly.md").write_text(markdown(data, note), encoding="utf-8")
    return Digest(tuple(sorted(path.name for path in out.iterdir())), note)


def found_browser() -> str | None:
    """Path of a Chromium, None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def printed(page: Path, out: Path, browser: str | None) -> str:
    """Print the page to one A4 sheet and draw it; say what went wrong, if anything did."""
    if browser is None:
        return "no PDF and no picture: Chromium is not installed (apt-get install chromium)"
    pdf, png = out / "weekly.pdf", out / "weekly.png"
    with tempfile.TemporaryDirectory() as profile:
        sheet = _to_print(page.resolve(), Path(profile))
        for path, switches in (
            (pdf, ["--no-pdf-header-footer", f"--print-to-pdf={pdf}"]),
            (png, [f"--window-size={WINDOW}", f"--screenshot={png}"]),
        ):
            if problem := _run(browser, profile, [*switches, sheet.as_uri()]):
                path.unlink(missing_ok=True)
                return f"{path.name} was not made: {problem}"
            if not path.is_file() or not path.stat().st_size:
                return f"{path.name} was not made: Chromium wrote nothing"
    sheets = sheets_of(pdf)
    return "" if sheets == 1 else f"weekly.pdf has {sheets} sheets instead of one"


def _to_print(page: Path, folder: Path) -> Path:
    """The page as it goes around: with links to records, without those to files of this machine."""
    sheet = folder / page.name
    text = page.read_text(encoding="utf-8")
    sheet.write_text(
        re.sub(r'(<a\b[^>]*?) href="(?!https?://)[^"]*"', r"\1", text), encoding="utf-8"
    )
    (folder / "assets").symlink_to(page.parent / "assets")
    return sheet


def sheets_of(pdf: Path) -> int:
    """Pages of a PDF that Chromium wrote."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def _run(browser: str, profile: str, switches: list[str]) -> str:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses one for root
    command = [browser, *SWITCHES, *sandbox, f"--user-data-dir={profile}", *switches]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, cwd=profile,
            env={**os.environ, "HOME": profile},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"Chromium took longer than {SECONDS} s"
    except OSError as error:
        return f"Chromium could not be started ({error.strerror})"
    return f"Chromium ended with {done.returncode}" if done.returncode else ""


def markdown(data: PageData, note: str = "") -> str:
    """The sheet as a short text: the week, each list, what marketing changed."""
    week = weekly.week(data)
    parts = [f"# Weekly review: {weekly.span(week) if week else 'the first week is not over yet'}"]
    for title, table in (
        ("Objections raised most", weekly.objections(data)),
        ("What ruled people out after the first conversation", weekly.criteria(data)),
        ("Claims that sales could not counter", weekly.claims(data)),
        ("Did what marketing changed move the number?", weekly.responses(data)),
    ):
        parts += [f"## {title}", _written(table, data.run["currency"])]
    waiting = weekly.overdue(data)
    said = f"{waiting.foot} The sheet links to them." if waiting.foot else waiting.empty
    parts.append(f"## Overdue MQLs\n\n{said}")
    if note:
        parts.append(f"_{note[0].upper()}{note[1:]}._")
    return "\n\n".join(parts) + "\n"


def _written(table: Table, currency: str) -> str:
    if not table.rows:
        return table.empty
    rows = [[cell.text for cell in row] for row in table.shown(currency)]
    head = [column.title for column in table.columns]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    """Nothing that Markdown could take for a link, markup or a mention."""
    if text == "---":
        return text
    # An address on its own would become a link too.
    return re.sub(r"([\\`*_\[\]<>|!#@&]|:(?=//)|(?<=www)\.)", r"\\\1", text)
