"""The words of a figure that moved, and the page that lists them."""

import shutil

import duckdb

from dashboards import restated, site
from dashboards.glossary import Metric
from tests.dashboards.restated import EARLIER, MOVED

RATE = Metric("win_rate", "Win rate", "s", "win", "rate", "opportunities", "up")
COUNT = Metric("mqls", "MQLs", "s", "mql", "count", "", "up")
PARTS = ("numerator", "denominator", "value")
CAUSES = ("definition", "late_data", "ripening")


def row(**given):
    empty = {f"{name}_{part}": None for name in ("published", "now", *CAUSES) for part in PARTS}
    return {**empty, "not_split_because": "", **given}


def test_nothing_moved_is_said_in_so_many_words():
    assert restated.told([]) == "No published figure of a closed month has moved."


def test_causes_are_counted_and_both_is_its_own():
    both, late = row(**MOVED), row(late_data_numerator=1)
    unsplit = row(**EARLIER)
    assert restated.told([both, late, unsplit]) == (
        "3 published figures of closed months have moved: 1 by late data, 1 by both, "
        "1 for reasons that cannot be told apart."
    )


def test_parts_have_a_sign_and_a_rate_its_points_and_counts():
    moved = row(
        published_numerator=12, published_denominator=40, published_value=0.3,
        definition_value=-0.05, late_data_value=0, late_data_denominator=2,
    )  # fmt: skip
    assert restated.level(RATE, moved, "published", "USD") == "30% (12 of 40)"
    assert restated.part(RATE, moved, "definition", "USD") == "−5.0 pts"
    assert restated.part(RATE, moved, "late_data", "USD") == "of +2"
    assert restated.part(RATE, moved, "ripening", "USD") == "–"
    assert restated.part(COUNT, row(**MOVED), "late_data", "USD") == "+5"
    assert restated.part(RATE, row(**EARLIER), "late_data", "USD") == "unknown"


def test_the_page_shows_every_move_and_why(built, visit):
    one = visit(built)
    page = one.open("restatements.html")
    assert "2 published figures of closed months have moved" in page.inner_text(".answer")
    first, second = page.query_selector_all("section.card")
    cells = first.query_selector_all('[data-metric^="restated_"][data-source="All"]')
    assert [cell.inner_text() for cell in cells] == ["120", "100", "−25", "+5", "–"]
    assert "Definitions that differ: mql" in first.inner_text()
    assert "cannot be split: the landing does not hold" in second.inner_text()
    assert one.problems == []


def test_hostile_sources_stay_text_on_the_page(hostile, visit):
    one = visit(hostile)
    page = one.open("restatements.html")
    page.click("summary")
    assert "<img" in page.inner_text("details")
    assert page.query_selector("details img") is None
    assert (one.problems, one.outside) == ([], [])


def test_a_release_that_moved_nothing_says_so(built, tmp_path):
    warehouse = tmp_path / "published.duckdb"
    shutil.copyfile(built / "published.duckdb", warehouse)
    warehouse.chmod(0o644)
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from marts.restatement")
    (tmp_path / "site").mkdir()
    target = built.parent / "target"
    page = site.build_page(
        "restatements", warehouse, tmp_path / "site",
        manifest=target / "manifest.json", run_results=None,
    )  # fmt: skip
    text = page.path.read_text()
    assert "No published figure of a closed month has moved." in text
    assert "Every figure of a closed month is what it was" in text
