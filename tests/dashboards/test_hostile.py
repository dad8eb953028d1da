"""Faults 58 to 60: what an attacker typed into a CRM is text on every page, in every file and in
the digest, and never acts.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from dashboards import digest, site
from dashboards.labels import clean
from tests.dashboards.attacked import HOSTILE

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(600)]

# Everything that is folded away is opened: tables, details, popovers.
OPEN_ALL = """() => {
  for (const button of document.querySelectorAll("[data-tool=table]")) button.click();
  for (const details of document.querySelectorAll("details")) details.open = true;
}"""
SHOWN = """() => {
  const parts = [...document.querySelectorAll("body *:not(script):not(noscript)")];
  return parts.map(part => [...part.childNodes].filter(node => node.nodeType === 3)
    .map(node => node.textContent).join("")).concat(parts.map(part => part.textContent))
    .map(text => text.replace(/\\s+/g, " ")).join("\\n");
}"""
# What no page of ours has; `main` holds no picture but those that Plotly draws, by SVG.
ACTING = """() => [...document.querySelectorAll(
  'main script, main style, main link, main img, main iframe, main object, main form, main use, '
  + 'body a[href^="http"], body a[href^="javascript"], main a[*|href^="http"], base, '
  + '[onerror], [onload], [onclick], [onmouseover]'
)].map(one => one.outerHTML.slice(0, 200))"""
# The buttons' own work, without leaving the eleventh file to the browser's mercy.
SAVED = """async (tool) => {
  const saved = [];
  const waiting = [];
  const made = URL.createObjectURL;
  if (tool === "csv") {
    URL.createObjectURL = (blob) => { waiting.push(blob.text()); return "blob:kept"; };
  }
  HTMLAnchorElement.prototype.click = function click() { saved.push([this.download, this.href]); };
  for (const button of document.querySelectorAll(`[data-tool=${tool}]`)) button.click();
  const wanted = document.querySelectorAll(`[data-tool=${tool}]`).length;
  for (let turn = 0; saved.length < wanted && turn < 400; turn += 1) {
    await new Promise(done => setTimeout(done, 25));
  }
  URL.createObjectURL = made;
  const texts = await Promise.all(waiting);
  return saved.map(([name, href], number) => [name, texts.length ? texts[number] : href]);
}"""
FORMULA = re.compile(r"^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# Pages whose numbers follow the filters show most of what there is over all time.
QUERY = {
    slug: "?period=all_time" for slug in ("overview", "sources", "handoff", "icp", "lost-deals")
}
# The least number of values that each page must show, else the page was not tried at all.
LEAST = {
    "overview": 12, "sources": 15, "handoff": 12, "weekly": 5, "icp": 4, "lost-deals": 12,
    "definitions": 5, "audit": 12, "restatements": 19, "data-health": 19,
}  # fmt: skip


def shown_on(page: Any) -> set[str]:
    """Which of the values stand on the page as text."""
    text = page.evaluate(SHOWN)
    return {value for value in HOSTILE if re.sub(r"\s+", " ", clean(value)) in text}


def test_all_values_are_text_on_every_page_and_none_acts(hostile, visit):
    there = visit(hostile)
    found: dict[str, set[str]] = {}
    for slug in site.pages():
        page = there.open(f"{slug}.html{QUERY.get(slug, '')}")
        page.evaluate(OPEN_ALL)
        there.settle()
        found[slug] = shown_on(page)
        assert page.evaluate("window.hit") is None, slug
        assert page.evaluate(ACTING) == [], slug
        assert page.locator("main").is_visible(), slug
    assert there.problems == []
    assert there.outside == []
    few = {slug: len(values) for slug, values in found.items() if len(values) < LEAST[slug]}
    assert few == {}
    assert len(HOSTILE) == 19
    assert set.union(*found.values()) == set(HOSTILE)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_file_of_every_card_is_disarmed(hostile, visit, scheme):
    there = visit(hostile, color_scheme=scheme)
    cells: list[str] = []
    files = 0
    for slug in QUERY | {"weekly": ""}:
        page = there.open(f"{slug}.html{QUERY.get(slug, '')}")
        cards = page.locator("[data-tool=csv]").count()
        texts, pictures = page.evaluate(SAVED, "csv"), page.evaluate(SAVED, "png")
        assert len(texts) == len(pictures) == cards > 0, slug
        for name, text in texts:
            assert re.fullmatch(r"onefunnel-[a-z0-9-_]+\.csv", name)
            assert text.startswith("\ufeff") or text
            cells += [c for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))) for c in row]
        for name, address in pictures:
            assert re.fullmatch(r"onefunnel-[a-z0-9-_]+\.png", name)
            assert address.startswith("data:image/png;base64,")
            assert len(address) > 2_000
        files += len(texts) + len(pictures)
        assert page.evaluate("window.hit") is None
    assert files >= 60
    texts = [cell for cell in cells if not re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", cell)]
    assert [cell for cell in texts if FORMULA.match(cell)] == []
    disarmed = {cell for cell in texts if cell.startswith("'") and FORMULA.match(cell[1:])}
    assert len(disarmed) >= 4
    assert there.problems == []
    assert there.outside == []


def test_the_digest_holds_them_as_text(hostile, chromium, tmp_path):
    written = digest.write(
        hostile / "site", hostile / "published.duckdb", tmp_path / "digest",
        manifest=hostile.parent / "target/manifest.json",
    )  # fmt: skip
    assert written.note == ""
    text = (tmp_path / "digest/weekly.md").read_text()
    unescaped = re.sub(r"\\.", "", text)
    assert re.findall(r"[<>]|\]\(|!\[|@everyone|`|://", unescaped) == []
    # Rows keep their columns: a value may not begin a cell of its own.
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (5, 6, 7)
    plain = re.sub(r"\\(.)", r"\1", text)
    assert sum(clean(value) in plain for value in HOSTILE) >= 4
    pdf = (tmp_path / "digest/weekly.pdf").read_bytes()
    assert not re.search(rb"/URI|/JavaScript|/Launch|attacker", pdf)
