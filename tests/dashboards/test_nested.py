"""Wide choices are shipped as what they have beyond narrow ones: every number that any combination
of filters can show arrives in the browser as the mart gave it.
"""

from __future__ import annotations

from typing import Any

import pytest

from dashboards import site
from dashboards.breakdowns import humane
from dashboards.nested import beyond, holders

# Every page is looked at in full by the long checks, one by the quick ones.
QUICK = "handoff"
FILTERED = [
    pytest.param(report.slug, marks=[] if report.slug == QUICK else pytest.mark.slow)
    for report in site.reports()
    if report.has_filters
]
SIZES = (2, 3, 4)
# All figures of all choices, looked up as a page does: what was chosen, then the numbers.
FIGURES = """() => {
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const slices = new Onefunnel.Slices(payload);
  const found = [];
  for (const period of payload.dims.period) for (const compare of ["current", "prior", "year_ago"])
    for (const segment of payload.dims.segment) for (const region of payload.dims.region)
      for (const source of payload.dims.source) {
        const chosen = { period: period.slug, segment: segment.slug, region: region.slug,
          source: source.slug };
        const place = [period.slug, compare, segment.value, region.value, source.value];
        for (const slug of Object.keys(slices.metrics)) {
          const one = slices.look(slug, chosen, compare);
          found.push([[slug, ...place], [one.value, one.n], ""]);
        }
        for (const slug of Object.keys(slices.breakdowns))
          for (const one of slices.parts(slug, chosen, compare))
            found.push([[slug, ...place, one.entry.label], [one.value, one.n],
              slices.about(slug).unit]);
        if (slices.funnel && compare === "current") for (const one of slices.stages(chosen))
          found.push([["funnel", ...place, one.slug], [one.reached, one.undecided], ""]);
      }
  return found;
}"""


def test_a_place_is_held_by_what_is_wider_in_one_filter():
    assert holders(0, SIZES) == []
    assert holders(3, SIZES) == [0]  # One source: all sources.
    assert holders(1 * 4 + 3, SIZES) == [4, 3]  # One region and source.
    assert holders(1 * 12 + 1 * 4 + 3, SIZES) == [12 + 4, 12 + 3, 4 + 3]
    # Another period is another place.
    assert holders(24 + 3, SIZES) == [24]


def test_what_adds_up_is_nothing_and_what_does_not_is_left():
    # All, then three sources: the first total is their sum, the second counts somebody else too.
    places = [0, 1, 2, 3, 24, 25, 26, 27]
    assert beyond(places, [9, 2, 3, 4, 12, 2, 3, 4], SIZES) == [0, 2, 3, 4, 3, 2, 3, 4]
    # Categories of one place are not taken off each other.
    assert beyond([0, 0, 1], [5, 6, 5], SIZES, [0, 1, 0]) == [0, 6, 5]


def by_mart(con: Any) -> dict[tuple[str, ...], tuple[float, float]]:
    """The same from the tables."""
    found = {}
    queries = (
        "select metric, period, compare, segment, region, source, coalesce(value, 0), n "
        "from marts.metric_slice",
        "select breakdown, period, compare, segment, region, source, category, "
        "coalesce(value, numerator, 0), n from marts.breakdown_slice",
        "select 'funnel', period, 'current', segment, region, source, stage, reached, undecided "
        "from marts.funnel",
    )
    for query in queries:
        for *place, value, n in con.execute(query).fetchall():
            place[6:] = [humane(category) for category in place[6:] if place[0] != "funnel"] or (
                place[6:]
            )
            found[tuple(place)] = (float(value), n)
    return found


@pytest.mark.chromium
@pytest.mark.timeout(300)
@pytest.mark.parametrize("slug", FILTERED)
def test_every_choice_arrives_as_the_mart_gave_it(built, visit, warehouse, slug):
    wanted = by_mart(warehouse)
    there = visit(built)
    read = there.open(f"{slug}.html").evaluate(FIGURES)
    assert len(read) > 5_000
    # Breakdowns of money are shipped in whole units.
    wrong = [
        (place, shown, wanted.get(tuple(place)))
        for place, shown, unit in read
        if not alike(shown, wanted.get(tuple(place), (0, 0)), 0.5 if unit == "money" else 0)
    ]
    assert wrong == []
    told = {place[0] for place, *_ in read}
    missing = [
        place for place in wanted.keys() - {tuple(place) for place, *_ in read} if place[0] in told
    ]
    assert missing == []
    assert there.problems == []


def alike(shown: list[float | None], wanted: tuple[float, float], slack: float) -> bool:
    return abs((shown[0] or 0) - wanted[0]) <= slack and shown[1] == wanted[1]
