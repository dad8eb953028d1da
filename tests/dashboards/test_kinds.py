"""Every kind of card in a real Chromium, on one page made for the purpose: drawn, read, saved."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards import breakdowns, crm, grids, publish, site
from dashboards.kinds import bars, columns, lines, matrix, records, waterfall
from dashboards.kinds.rows import Column, Table
from dashboards.report import Card, Report, Sentence, Tiles

CHART = "#{} .chart .main-svg"


def cohorts(data):
    """MQLs of a month by how many became won within some days: enough to be a grid."""
    return grids.read(
        data,
        "select strftime(month, '%b %Y') as row, age || ' d' as column, 'All' as segment, "
        "'All' as region, source, numerator * age / 90 as numerator, denominator "
        "from marts.metric_trend cross join unnest([30, 60, 90]) as ages(age) "
        "where metric = 'mql_to_won' and segment = 'All' and region = 'All' "
        "and month >= '2026-01-01' and (month < '2026-05-01' or age < 90) "
        "order by month desc, age",
        about="mql_to_won", corner="MQL month", of="MQLs",
    )  # fmt: skip


def parts(data):
    """Campaigns by pipeline created, for the choice a page opens with."""
    return breakdowns.parts(data, "campaign_pipeline", "last_90_days")


PAGE = Report(
    slug="kinds", title="Kinds", question="Does every kind draw?", intro="", order=99,
    answer=(
        Sentence("{campaign_pipeline:top} brought {campaign_pipeline:share}.",
                 needs="campaign_pipeline", otherwise="No pipeline."),
    ),
    tiles=(Tiles(("mqls",)),),
    cards=(
        Card("bars", "Which campaigns?", "By amount", "bars",
             figure=lambda data: bars.figure(parts(data), currency="USD"),
             options={"breakdown": "campaign_pipeline", "categories": "Campaign"}),
        Card("columns", "How is it spread?", "In order", "columns",
             figure=lambda data: columns.figure(parts(data)),
             options={"breakdown": "campaign_pipeline", "after": "Campaign 3", "line": "agreed"}),
        Card("waterfall", "What happened?", "Step by step", "waterfall",
             figure=lambda data: waterfall.figure(parts(data), ends=["No campaign"]),
             options={"breakdown": "campaign_pipeline", "ends": ["No campaign"]}),
        Card("matrix", "Do months mature?", "By age", "matrix", grid=cohorts, about="mql_to_won"),
        Card("lines", "Are newer months faster?", "By age", "lines", grid=cohorts,
             figure=lambda data: lines.figure(cohorts(data), axis="days"), about="mql_to_won"),
        Card("rows", "Which rows?", "As written", "rows",
             table=lambda data: Table(
                 (Column("Name"), Column("MQLs", "count"), Column("Rate", "rate", "mql_to_won"),
                  Column("Since", "change")),
                 [("=1+1 <b>", 1234, (3, 12), -2), ("Few", 5, (1, 4), None)])),
        Card("records", "Which are overdue?", "MQLs without a decision", "records", width="full",
             table=lambda data: records.table(data, "overdue_mql")),
    ),
)  # fmt: skip


CRM = {"salesforce": "https://acme.example", "hubspot": "http://127.0.0.1:8080/contacts/1/"}


@pytest.fixture(scope="module", params=["plausible", "hostile"])
def shown(request, built, hostile):
    """The folder whose site holds the page of all kinds."""
    folder = built if request.param == "plausible" else hostile
    glossary = site.read(built.parent / "target/manifest.json", None)
    with site.opened(folder / "published.duckdb", glossary, datetime.now(UTC), CRM) as data:
        site._write(PAGE, data, folder / "site", site.write_assets(folder / "site"))
    yield folder
    (folder / "site/kinds.html").unlink()


def test_figures_of_every_kind_are_figures_in_a_notebook(built):
    glossary = site.read(built.parent / "target/manifest.json", None)
    with site.opened(built / "published.duckdb", glossary, datetime.now(UTC)) as data:
        assert matrix.figure(cohorts(data)).data[0].type == "heatmap"
        assert len(lines.figure(cohorts(data)).data) == 6
        assert bars.figure(parts(data)).data[0].x == tuple(p.numerator for p in parts(data))


@pytest.mark.chromium
@pytest.mark.timeout(300)
def test_every_kind_is_drawn_saved_and_quiet(shown, visit):
    there = visit(shown)
    page = there.open("kinds.html?period=last_12_months")
    for kind in ("bars", "columns", "waterfall", "lines"):
        assert page.locator(CHART.format(kind)).first.is_visible(), kind
        assert "All numbers are behind" in page.locator(f"#{kind} .chart").get_attribute(
            "aria-label"
        )
    assert page.locator("#bars .ticks").inner_text() == "Ticks: prior 12 months"
    assert page.locator("#matrix td.heat").count() > 5
    assert page.locator("#matrix tbody tr").first.locator("td").last.inner_text() == ""
    for card in PAGE.cards:
        # Chromium holds back the eleventh file that one page saves within seconds.
        page = there.open("kinds.html?period=last_12_months")
        for tool, sign in (("csv", "\ufeff".encode()), ("png", b"\x89PNG")):
            with page.expect_download() as download:
                page.click(f"#{card.id} [data-tool={tool}]")
            assert Path(download.value.path()).read_bytes().startswith(sign), card.id
        if not card.is_table:
            page.click(f"#{card.id} [data-tool=table]")
            assert page.locator(f"#{card.id} .table table").is_visible()
    assert page.evaluate("window.hit") is None
    assert there.problems == []
    assert there.outside == []


@pytest.mark.parametrize("shown", ["plausible"], indirect=True)
@pytest.mark.chromium
@pytest.mark.timeout(300)
def test_bars_rank_share_and_sum_as_the_mart_says(built, shown, visit, warehouse):
    page = visit(built).open("kinds.html?period=last_quarter&segment=smb")
    with page.expect_download() as download:
        page.click("#bars [data-tool=csv]")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    found = [tuple(row[:3]) for row in csv.reader(io.StringIO(text))][1:]
    wanted = warehouse.execute(
        "select category, numerator, n from marts.breakdown_slice where breakdown = "
        "'campaign_pipeline' and period = 'last_quarter' and compare = 'current' "
        "and segment = 'SMB' and region = 'All' and source = 'All' order by position"
    ).fetchall()
    # Breakdowns of money are shipped in whole units.
    assert [(name, float(amount), int(n)) for name, amount, n in found] == [
        (name, round(amount), n) for name, amount, n in wanted
    ]
    assert len(found) > 5
    assert found[-1][0] == "Other"
    page.click("#bars [data-tool=table]")
    marked = page.locator("#bars .table .figure").first
    assert marked.get_attribute("data-metric") == "campaign_pipeline"
    assert marked.get_attribute("data-category") == wanted[0][0]
    assert float(marked.get_attribute("data-value")) == round(wanted[0][1])


@pytest.mark.parametrize("shown", ["plausible"], indirect=True)
@pytest.mark.chromium
def test_a_table_from_python_keeps_few_as_counts_and_disarms_its_csv(built, shown, visit):
    page = visit(built).open("kinds.html")
    assert [cell.inner_text() for cell in page.locator("#rows tbody td").all()] == [
        "1,234", "25% (3 of 12)", "▼ 2 fewer", "5", "1 of 4", "–",
    ]  # fmt: skip
    with page.expect_download() as download:
        page.click("#rows [data-tool=csv]")
    lines_read = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines_read[1] == "'=1+1 <b>,1234,0.25,-2"


@pytest.mark.chromium
def test_the_movement_and_the_models_on_the_pages_are_those_of_the_marts(built, visit, warehouse):
    page = visit(built).open("overview.html?period=last_quarter")
    page.click("#movement [data-tool=table]")
    shown = {
        row.locator("th").inner_text(): float(row.locator(".figure").get_attribute("data-value"))
        for row in page.locator("#movement tbody tr").all()
    }
    sums = ["opening", "created", "pulled_in", "amount_change", "won", "lost", "closing"]
    wanted = warehouse.execute(
        f"select {', '.join(f'sum({name})' for name in sums)} from marts.pipeline_movement "
        "where period = 'last_quarter'"
    ).fetchall()[0]
    names = ["Open at start", "Created", "Pulled in", "Amount changed", "Won", "Lost",
             "Open at end"]  # fmt: skip
    signs = [1, 1, 1, 1, -1, -1, 1]
    for name, sign, amount in zip(names, signs, wanted, strict=True):
        assert abs(shown.get(name, 0) - sign * float(amount)) <= 1, name
    assert shown["Open at start"] > 0
    assert shown["Won"] < 0
    page = visit(built).open("sources.html?period=all_time&source=partner")
    page.click("#attribution [data-tool=table]")
    found = page.locator("#attribution [data-metric=attribution_u]").all()
    total = sum(float(one.get_attribute("data-value")) for one in found)
    created = warehouse.execute(
        "select value from marts.metric_slice where metric = 'pipeline_created' and source = "
        "'Partner' and segment = 'All' and region = 'All' and period = 'all_time'"
    ).fetchall()[0][0]
    assert abs(total - created) <= len(found)
    page.select_option("[name=segment]", "smb")
    assert "one filter at a time" in page.locator("#attribution .empty").inner_text()


@pytest.mark.parametrize("shown", ["plausible"], indirect=True)
@pytest.mark.chromium
def test_what_was_rendered_is_what_the_script_says_of_a_breakdown(built, shown, visit):
    plain = visit(shown, java_script_enabled=False)
    plain.page.goto(f"file://{shown}/site/kinds.html")
    before = plain.page.locator(".answer").inner_text()
    assert visit(shown).open("kinds.html").locator(".answer").inner_text() == before
    assert "brought" in before


def test_too_many_numbers_of_a_breakdown_name_what_to_shorten(built, monkeypatch):
    monkeypatch.setattr(breakdowns, "MOST_CELLS", 50)
    glossary = site.read(built.parent / "target/manifest.json", None)
    with (
        site.opened(built / "published.duckdb", glossary, datetime.now(UTC)) as data,
        pytest.raises(site.payload.TooManySlices, match="shown_categories"),
    ):
        site._write(PAGE, data, built / "site", site.write_assets(built / "site"))


def test_an_undescribed_breakdown_says_where_to_describe_it(built):
    glossary = site.read(built.parent / "target/manifest.json", None)
    with (
        site.opened(built / "published.duckdb", glossary, datetime.now(UTC)) as data,
        pytest.raises(KeyError, match=r"breakdown_slice\.yml"),
    ):
        breakdowns.parts(data, "nothing", "last_90_days")


LINK = re.compile(
    r"https://acme\.example/lightning/r/Lead/00Q\d{12}/view"
    r"|http://127\.0\.0\.1:8080/contacts/1/record/0-1/90\d{5}"
)


@pytest.mark.parametrize("shown", ["plausible"], indirect=True)
@pytest.mark.chromium
def test_records_are_links_that_follow_the_filters_and_nothing_else_is(shown, visit, warehouse):
    page = visit(shown).open("kinds.html?source=partner")
    wanted = warehouse.execute(
        "select record_id from marts.record_to_act_on where list = 'overdue_mql' "
        "and source = 'Partner' and regexp_matches(record_id, '^[0-9Q]+$') order by days desc, 1"
    ).fetchall()
    assert len(wanted) > 2
    with page.expect_download() as download:
        page.click("#records [data-tool=csv]")
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    found = [line.partition(",")[0] for line in lines[1:]]
    assert [re.split(r"/", link.removesuffix("/view"))[-1] for link in found] == [
        row[0] for row in wanted
    ]
    links = page.eval_on_selector_all("#records tbody a", "all => all.map(a => a.href)")
    assert len(links) > len(found)
    assert [link for link in links if not LINK.fullmatch(link)] == []
    assert "onclick" not in page.locator("#records").inner_html()
    assert page.locator("#records .follows").inner_text().startswith("As of 30 Jun 2026: follows")


def test_only_links_to_records_of_a_configured_crm_may_leave_the_site(tmp_path):
    good = f"{CRM['salesforce']}/lightning/r/Lead/00Q5e00000000AAAAY/view"
    bad = [
        good.replace("acme", "evil"), good.replace("Lead", "Setup"), f"{good}?x=1",
        good.replace("00Q5e00000000AAAAY", "jane.doe"), f"{CRM['salesforce']}/secur/logout.jsp",
    ]  # fmt: skip
    for link in (good, *bad):
        (tmp_path / "overview.html").write_text(f'<a href="{link}">x</a>')
        problems = "\n".join(publish.check_site(tmp_path, crm=crm.checked(CRM)))
        assert ("leads outside" in problems) == (link != good)
    assert "leads outside" in "\n".join(publish.check_site(tmp_path))
    with pytest.raises(ValueError, match="SALESFORCE_WEB_URL"):
        crm.checked({"salesforce": "http://acme.example"})


def test_without_an_address_records_are_counted_and_no_id_is_shown(built, warehouse):
    glossary = site.read(built.parent / "target/manifest.json", None)
    with site.opened(built / "published.duckdb", glossary, datetime.now(UTC)) as data:
        shown = records.table(data, "overdue_mql")
    assert shown.rows == []
    assert "SALESFORCE_WEB_URL" in shown.empty
