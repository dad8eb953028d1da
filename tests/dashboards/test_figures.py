"""Every page that shows figures: 200 of them, for random filters, are what SQL on the released
warehouse says; pages without filters are compared whole.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from dashboards import site
from tests.dashboards.figures import READ, Warehouse, agrees

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(300)]

SEED = 20_260_630
WANTED, VISITS, AT_ONCE = 200, 24, 30
FILTERED = [report.slug for report in site.reports() if report.has_filters]
# The least that a page without filters marks in the company of these tests.
WHOLE = {"weekly": 5, "definitions": 60, "audit": 60, "restatements": 5, "data-health": 12}


@pytest.fixture(scope="module")
def known(built, warehouse) -> Warehouse:
    glossary = site.read(built.parent / "target/manifest.json", None)
    return Warehouse(warehouse, {slug: one.unit for slug, one in glossary.breakdowns.items()})


def everything(there: Any, page: Any) -> list[dict[str, str]]:
    """Every figure that the page can show for what is chosen, tables included."""
    page.evaluate(
        "() => { for (const button of document.querySelectorAll('[data-tool=table]')) "
        "if (button.getAttribute('aria-pressed') !== 'true') button.click(); }"
    )
    there.settle()
    return page.evaluate(READ)


def say(address: str, one: dict[str, str], wanted: list[float | None]) -> str:
    return f"{address} card {one['card'] or 'top'}: {one} but SQL says {wanted[:8]}"


@pytest.mark.parametrize("slug", FILTERED)
def test_two_hundred_random_figures_equal_sql(built, known, visit, slug):
    chance = random.Random(f"{SEED} {slug}")
    there = visit(built)
    page = there.open(f"{slug}.html")
    options = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.filters select')]"
        ".map(s => [s.name, [...s.options].map(o => o.value)]))"
    )
    wrong, compared, metrics = [], 0, set()
    for number in range(VISITS):
        names = chance.sample(("segment", "region", "source"), number % 4)
        some = {name: chance.choice(options[name]) for name in ("period", *names)}
        address = f"{slug}.html?{'&'.join(f'{n}={v}' for n, v in some.items())}"
        figures = everything(there, there.open(address))
        # Some of each metric, so that a long table does not crowd out the rest.
        chance.shuffle(figures)
        figures.sort(key=lambda one: (one["metric"] in metrics, chance.random()))
        for one in figures[:AT_ONCE]:
            wanted = known.wanted(one)
            metrics.add(one["metric"])
            compared += 1
            if not agrees(one, wanted):
                wrong.append(say(address, one, wanted))
        if compared >= WANTED and number >= 7:
            break
    assert wrong == []
    assert compared >= WANTED
    assert there.problems == []


@pytest.mark.parametrize("slug", WHOLE)
def test_what_does_not_follow_filters_equals_sql(built, known, visit, slug):
    there = visit(built)
    figures = there.open(f"{slug}.html").evaluate(READ)
    assert len(figures) >= WHOLE[slug]
    passed = [one for one in figures if one["metric"] != "tests_passed"]
    wrong = [
        say(slug, one, wanted) for one in passed if not agrees(one, wanted := known.wanted(one))
    ]
    assert wrong == []


def test_a_wrong_figure_is_found(built, known, visit):
    """What is compared can differ: a figure that says one more is told apart."""
    figures = visit(built).open("overview.html").evaluate(READ)
    for one in figures:
        told = {**one, "value": str(float(one["value"] or 0) + 1)}
        assert not agrees(told, known.wanted(one)), one
