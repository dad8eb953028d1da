"""Companies unlike the demonstration, from their records to what Chromium shows of every page."""

import re
from pathlib import Path

import pytest

from connectors.sandbox.serve import start
from dashboards import site
from tests import odd_companies, warehouse
from tests.dashboards.conftest import Visit
from tests.product import copy_of, run_copy
from tests.running import run

pytestmark = [pytest.mark.slow, pytest.mark.chromium, pytest.mark.timeout(900)]

SHOWN = "models/intermediate/int_source_shown.sql"
# What a card shows, and what of it cannot be read: run in the page.
CARDS = """() => [...document.querySelectorAll('[data-card]')].map((card) => {
  const seen = (element) => element && !element.hidden && element.offsetHeight > 0;
  const chart = card.querySelector('.chart');
  const drawn = seen(chart) && !chart.classList.contains('is-empty');
  const box = drawn && chart.getBoundingClientRect();
  const texts = drawn ? [...chart.querySelectorAll('text')].filter((one) => one.textContent.trim()) : [];
  const cut = texts.filter((one) => {
    const at = one.getBoundingClientRect();
    return at.left < box.left - 2 || at.right > box.right + 2;
  });
  const ticks = drawn ? [...chart.querySelectorAll('.xtick text')].map((one) => one.getBoundingClientRect()) : [];
  const met = ticks.filter((one, place) => place && ticks[place - 1].right > one.left);
  const table = card.querySelector('.table');
  return {
    id: card.id, cut: cut.map((one) => one.textContent), met: met.length,
    marks: drawn ? chart.querySelectorAll('.point, .points path, .lines path, .js-line').length : 0,
    texts: texts.length, rows: seen(table) ? table.querySelectorAll('tbody tr').length : 0,
    empty: seen(card.querySelector('.empty')) ? card.querySelector('.empty').textContent : '',
  };
})"""  # noqa: E501
ODD_WORDS = re.compile(r"NaN|undefined|Infinity|\bnull\b|\bNone\b(?! noted)|\[object")


def by_a_run(folder: Path, world) -> Path:
    """`onefunnel run` against the local CRM."""
    sandbox = start(world)
    try:
        run(folder / "home", sandbox.url)
    finally:
        sandbox.stop()
    (folder / "site").symlink_to(folder / "home" / "current" / "site")
    return folder


def mapped_product(folder: Path) -> Path:
    """A copy of the product in which each of the 300 sources is mapped."""
    copy_of(folder)
    with (folder / "dbt_project/seeds/mappings/source_mapping.csv").open("a") as seed:
        seed.write(odd_companies.mapped())
    return folder


def read(browser, folder: Path, address: str, **context) -> tuple[str, list[dict]]:
    """The words of a page and its cards; nothing on it may be odd, cut or run into each other."""
    visit = Visit(browser, folder, viewport={"width": 1280, "height": 900}, **context)
    try:
        page = visit.open(address)
        visit.settle()
        words = page.inner_text("body")
        cards = page.evaluate(CARDS)
        assert visit.problems == [], address
        assert ODD_WORDS.findall(words) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    finally:
        visit.context.close()
    for card in cards:
        assert card["marks"] or card["texts"] or card["rows"] or card["empty"], (address, card)
        assert card["cut"] == [], (address, card)
        assert card["met"] == 0, (address, card)
    return words, cards


def read_all(browser, folder: Path, query: str = "") -> dict[str, tuple[str, list[dict]]]:
    """Every page."""
    return {slug: read(browser, folder, f"{slug}.html{query}") for slug in site.pages()}


def test_nobody_yet_is_said_in_words(browser, tmp_path):
    found = read_all(browser, by_a_run(tmp_path, odd_companies.nobody()))
    assert "no pipeline was created. Sales has not decided on any MQL" in found["overview"][0]
    for slug in ("overview", "handoff", "icp", "lost-deals"):
        words, cards = found[slug]
        assert "reset the filters" not in words
        # What both teams agreed about the ideal customer is there before anybody comes.
        assert [card["id"] for card in cards if not card["empty"]] in ([], ["problems"])
    assert "The first week is not over yet" in found["weekly"][0]


def test_one_day_shows_counts_and_no_rate_of_a_few(browser, tmp_path):
    found = read_all(browser, warehouse.pages(tmp_path, odd_companies.one_day()))
    words, cards = found["overview"]
    assert "Sales accepted 6 of 6 decided MQLs" in words
    assert "too few for a rate" in words
    assert {card["id"]: card["marks"] > 0 for card in cards}["pipeline-by-source"]
    assert "0 of 1 opportunities were in the ICP" in found["icp"][0]


def test_ten_years_of_one_source_are_all_there(browser, tmp_path):
    folder = warehouse.pages(tmp_path, odd_companies.one_source())
    found = read_all(browser, folder, "?period=all_time")
    deals = 12 * odd_companies.YEARS + 5
    assert f"of {deals} closed opportunities were won" in found["overview"][0]
    assert f"All sources\t{deals}\t" in found["sources"][0]
    assert "Too few for shares" in found["handoff"][0]


def test_300_sources_are_folded_and_as_many_shown_stop_the_build(browser, tmp_path):
    copy, home = mapped_product(tmp_path / "product"), tmp_path / "home"
    sandbox = start(odd_companies.many_sources())
    try:
        done = run_copy(copy, home, sandbox.url)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (tmp_path / "site").symlink_to(home / "current" / "site")
        served = (home / "current").resolve()
        found = read_all(browser, tmp_path, "?period=last_12_months")
        model = copy / "dbt_project" / SHOWN
        model.write_text(model.read_text().replace("12 as shown_sources", "400 as shown_sources"))
        done = run_copy(copy, home, sandbox.url)
    finally:
        sandbox.stop()
    words, _ = found["sources"]
    assert odd_companies.source(0) in words
    assert odd_companies.source(299) not in words
    assert "\nOther\t" in words
    said = done.stdout + done.stderr
    assert done.returncode != 0
    problem = "300 sources to choose from, more than 60: lower `shown_sources`"
    assert problem in " ".join(said.split())
    assert "Traceback" not in said
    assert (home / "current").resolve() == served
