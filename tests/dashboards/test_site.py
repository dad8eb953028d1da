"""The site without a browser: safe text, whole and light pages, refusals that name the remedy."""

from __future__ import annotations

import json
import re
import time

import plotly.offline
import pytest
from jinja2 import UndefinedError

from dashboards import formats, payload, publish, site, wording
from dashboards.glossary import Check, Metric
from dashboards.intervals import clearly_differ, wilson
from dashboards.labels import clean, csv_cell, label, slugs
from dashboards.picture import drawing
from dashboards.report import reports
from dashboards.reports import data_health
from dashboards.source_data import Slice
from dashboards.words import highlight, marked
from tests.dashboards.attacked import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_has_no_markup_and_no_invisible_signs(text):
    safe = label(text)
    assert not set("<>") & set(safe)
    assert not re.search(r"[\x00-\x1f\u200b\u202e\u2028]", safe)
    assert len(clean(text)) <= 80


def test_a_label_keeps_what_people_wrote():
    assert label("R&D – Zürich 東京") == "R&amp;D – Zürich 東京"
    assert clean(" two \n lines ") == "two lines"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\uff1dcmd", "\uff0b1"])
def test_a_formula_gets_an_apostrophe(text):
    assert csv_cell(text) == "'" + text


def test_a_number_stays_a_number_in_csv():
    assert csv_cell(-5) == -5
    assert csv_cell("plain") == "plain"


def test_slugs_of_equal_names_differ():
    assert slugs(["Paid search", "paid-search", "東京", "!"]) == [
        "paid-search", "paid-search-2", "value", "value-2",
    ]  # fmt: skip


def test_json_cannot_end_its_script_element():
    packed = payload.to_script({"a": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(packed)
    assert json.loads(packed) == {"a": "</script><!--\u2028&"}


def test_nan_is_refused():
    with pytest.raises(ValueError, match="denominator of 0"):
        payload.number(float("nan"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "$0"), (999.5, "$1.00k"), (812, "$812"), (26_249_999, "$26.2M"), (7_005_000, "$7.01M"),
     (-16_600_000, "−$16.6M"), (99_950, "$100k"), (999_950, "$1.00M")],
)  # fmt: skip
def test_money_has_three_digits(value, shown):
    assert formats.money(value) == shown


def test_wilson_equals_the_published_example():
    low, high = wilson(164, 551)
    assert (round(low, 3), round(high, 3)) == (0.261, 0.337)


def test_a_small_difference_is_not_clear_and_a_large_one_is():
    assert not clearly_differ(30, 100, 25, 100)
    assert clearly_differ(300, 1000, 200, 1000)


@pytest.mark.parametrize(
    ("n", "headline", "sentence"),
    [
        (0, "–", ""),
        (1, "n = 1", "Too few deals were won for a median length (n = 1). "),
        (9, "n = 9", "Too few deals were won for a median length (n = 9). "),
        (10, "41 days", "A win took 41 days in the median. "),
    ],
)
def test_a_median_of_few_is_never_a_number_that_reads_as_days(n, headline, sentence):
    metric = Metric("cycle_length", "Cycle length", "", "win", "days", "won deals", "down")
    found = Slice(value=41.0 if n else None, n=n)
    part = next(r for r in reports() if r.slug == "sources").answer[1:]
    said = wording.answer(part, lambda _: (metric, found, None), lambda _: None, "", "", "USD")
    assert wording.figure(metric, found, "USD").headline == headline
    assert "".join(piece.text for piece in said) == (sentence or " ")


def test_only_tests_that_ran_are_counted():
    said = ["pass", "pass", "success", "warn", "not run", "not run"]
    counted = data_health.tests(Check("a", "b", status, 0, "error") for status in said)
    assert (counted["ran"], len(counted["concerns"])) == (4, 1)
    assert len(counted["by_status"]["pass"]) == 3


def test_prose_and_sql_are_escaped():
    assert str(marked("**a** <b>")) == "<strong>a</strong> &lt;b&gt;"
    assert "<script>" not in str(highlight("select '<script>' -- <b>"))


def test_the_vendored_plotly_is_the_one_of_the_python_package():
    head = (site.HERE / "vendor/plotly/plotly-basic.min.js").read_text()[:80]
    assert f"v{plotly.offline.get_plotlyjs_version()}" in head


def test_every_page_is_light_whole_and_names_nobody(built):
    found = site.build(
        built / "published.duckdb",
        built / "site",
        manifest=built.parent / "target/manifest.json",
        run_results=None,
    )
    assert [page.slug for page in found.pages] == list(site.pages())
    assert max(page.bytes_on_wire for page in found.pages) <= 480_000
    assert publish.check_site(built / "site", {"mql@person.example": "staging.x.email"}) == []
    assert all(page.svg is None or page.svg.startswith("<svg") for page in found.pages)


def test_figures_are_plotly_figures_and_can_be_drawn_small(built, warehouse):
    with site.opened(
        built / "published.duckdb",
        site.read(built.parent / "target/manifest.json", None),
        site.datetime.now(site.UTC),
    ) as data:
        for report in reports():
            for card in report.cards:
                if card.figure:
                    assert drawing(card.figure(data)).count("<rect") + 1 > 0


def test_each_clause_of_a_definition_is_weighed(built, warehouse):
    manifest = json.loads((built.parent / "target/manifest.json").read_text())
    clauses = {
        (node["name"], column)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "definitions"
        for column in node["columns"]
        if column.startswith("c_")
    }
    weighed = warehouse.execute("select definition, clause from marts.definition_clause").fetchall()
    assert clauses <= set(weighed)


def test_a_site_with_a_person_a_hole_or_inline_code_is_refused(tmp_path):
    (tmp_path / "overview.html").write_text(
        '<a href="gone.html">x</a><p style="x" onclick="y">jane.doe@customer.com</p>'
        "<script>1</script>"
    )
    problems = "\n".join(publish.check_site(tmp_path, {"Jane Doe": "x.name"}))
    for part in ("e-mail address", "gone.html", "content security policy", "onclick", "<script>"):
        assert part in problems
    (tmp_path / "overview.html").write_text("<p>Jane Doe</p>")
    assert "marked personal" in "\n".join(publish.check_site(tmp_path, {"jane doe": "x.name"}))
    with pytest.raises(publish.SiteUnfit, match="release before stays"):
        publish.require_fit(tmp_path)


PERSONAL = {
    "jane doe": "staging.people.last_name", "conor o'brien": "staging.people.full_name",
    "jane.doe@customer.com": "staging.people.email", "win rate": "staging.people.last_name",
    "organic search": "staging.people.last_name", "wim": "staging.people.last_name",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("<td>Jane  DOE</td>", "last_name"),
        ("<td>by Conor O&#39;Brien, yesterday</td>", "full_name"),
        ('<script type="application/json">{"a":"\\u003cb\\u003eJane Doe"}</script>', "last_name"),
        ("<td>jane.doe@customer.com</td>", "email"),
        ("<td>Jane</td><td>Doehring, Mary-Jane Doe</td><td>Wim</td><td>Win rate</td>", None),
        ("<td>Organic search</td>", None),
    ],
)
def test_a_person_on_a_page_is_told_by_page_and_column_only(tmp_path, text, column):
    (tmp_path / "overview.html").write_text(text)
    found = [
        one
        for one in publish.check_site(tmp_path, PERSONAL, own_words="paid search\norganic search")
        if "marked personal" in one
    ]
    assert len(found) == (column is not None)
    for one in found:
        assert one.startswith(f"overview.html: holds a value of staging.people.{column},")
        assert not {"jane", "brien"} & set(re.findall(r"[a-z]+", one.casefold()))


def test_ten_thousands_of_people_are_looked_up_quickly(built):
    people = {f"first{n} last{n}": "staging.people.last_name" for n in range(50_000)}
    started = time.monotonic()
    assert publish.check_site(built / "site", people) == []
    assert time.monotonic() - started < 5


def test_too_many_slices_name_what_to_shorten(built, monkeypatch):
    monkeypatch.setattr(payload, "MOST_SLICES", 10)
    with pytest.raises(payload.TooManySlices, match="shown_sources"):
        site.build(
            built / "published.duckdb",
            built / "elsewhere",
            manifest=built.parent / "target/manifest.json",
            run_results=None,
        )


def test_a_missing_warehouse_says_what_to_do(tmp_path, built):
    with pytest.raises(FileNotFoundError, match="onefunnel run"):
        site.build(
            tmp_path / "none.duckdb", tmp_path, manifest=built.parent / "target/manifest.json",
            run_results=None,
        )  # fmt: skip


def test_templates_fail_on_an_unknown_name():
    with pytest.raises(UndefinedError):
        site.environment().from_string("{{ nobody }}").render()


def test_a_page_that_would_be_heavy_is_made_lean_before_it_is_refused(built, monkeypatch):
    artifacts = {"manifest": built.parent / "target/manifest.json", "run_results": None}
    place = (built / "published.duckdb", built / "lean")
    full = site.build_page("overview", *place, **artifacts)
    monkeypatch.setattr(site, "HEAVIEST_PAGE", full.bytes_on_wire - 1_000)
    lean = site.build_page("overview", *place, **artifacts)
    assert lean.bytes_on_wire < full.bytes_on_wire
    assert lean.slices < full.slices
    # All that narrow choices weigh; what is left are everybody and one filter at a time.
    monkeypatch.setattr(site, "HEAVIEST_PAGE", full.bytes_on_wire - 10_000)
    leaner = site.build_page("overview", *place, **artifacts)
    assert leaner.slices < lean.slices
    monkeypatch.setattr(site, "HEAVIEST_PAGE", 100_000)
    with pytest.raises(site.PageTooHeavy, match="shown_sources"):
        site.build_page("overview", *place, **artifacts)
