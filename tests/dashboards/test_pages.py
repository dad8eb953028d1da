"""Pages in a real Chromium: figures equal SQL, nothing is blocked."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from dashboards import site
from dashboards.labels import slugs

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(600)]

# Each shared figure from the definitions themselves, not from the marts that pages read.
PIPELINE = """
    definitions.opportunity inner join definitions.pipeline_source using (opportunity_id)
    inner join definitions.win using (opportunity_id)
"""
OPPORTUNITY = ("opportunity.segment", "opportunity.region", "pipeline_source.source")
EPISODE = ("mql.segment", "mql.region", "mql.source")
MQLS = "definitions.mql left join definitions.sal using (episode_id)"
SQL = {
    "pipeline_created": (PIPELINE, OPPORTUNITY, "opportunity.pipeline_at",
                         "coalesce(sum(pipeline_source.amount), 0)", "true"),
    "opportunities_created": (PIPELINE, OPPORTUNITY, "opportunity.pipeline_at", "count(*)", "true"),
    "win_rate": (PIPELINE, OPPORTUNITY, "win.closed_at",
                 "count(*) filter (outcome = 'won') / nullif(count(*), 0)::double",
                 "outcome in ('won', 'lost')"),
    "won": (PIPELINE, OPPORTUNITY, "win.closed_at", "count(*)", "outcome = 'won'"),
    "won_amount": (PIPELINE, OPPORTUNITY, "win.closed_at",
                   "coalesce(sum(win.amount_reporting), 0)", "outcome = 'won'"),
    "cycle_length": (PIPELINE, OPPORTUNITY, "win.closed_at", "median(cycle_days)",
                     "outcome = 'won'"),
    "days_from_mql": (PIPELINE, OPPORTUNITY, "win.closed_at", "median(days_from_mql)",
                      "outcome = 'won'"),
    "marketing_sourced_share": (
        PIPELINE, OPPORTUNITY, "opportunity.pipeline_at",
        "sum(pipeline_source.amount) filter (team = 'marketing')::double "
        "/ nullif(sum(pipeline_source.amount), 0)::double", "true"),
    "cycle_length_lost": (PIPELINE, OPPORTUNITY, "win.closed_at", "median(cycle_days)",
                          "outcome = 'lost'"),
    "marketing_influenced_share": (
        PIPELINE, OPPORTUNITY, "opportunity.pipeline_at",
        "sum(pipeline_source.amount) filter (exists (from definitions.pipeline_influence i where "
        "i.opportunity_id = opportunity.opportunity_id and i.team = 'marketing' and "
        "i.kind = 'influenced'))::double / nullif(sum(pipeline_source.amount), 0)::double", "true"),
    "mqls": (MQLS, EPISODE, "mql.mql_at", "count(*)", "is_mql"),
    "mql_to_won": (
        MQLS, EPISODE, "mql.mql_at",
        "count(*) filter (exists (from definitions.opportunity o inner join definitions.win w "
        "using (opportunity_id) where o.episode_id = mql.episode_id and w.outcome = 'won')) "
        "/ nullif(count(*), 0)::double", "is_mql"),
    "sales_acceptance": (
        MQLS, EPISODE, "mql.mql_at",
        "count(*) filter (outcome = 'accepted') / nullif(count(*), 0)::double",
        "outcome in ('accepted', 'rejected', 'recycled', 'disqualified', 'overdue')"),
    "sla_met": (
        "definitions.mql inner join definitions.follow_up using (episode_id)", EPISODE,
        "mql.mql_at", "count(*) filter (status = 'met') / nullif(count(*), 0)::double",
        "status in ('met', 'breached')"),
}  # fmt: skip


def by_sql(con: Any, metric: str, chosen: dict[str, str]) -> float | None:
    """The same figure, computed from the definitions."""
    tables, dimensions, at, expression, where = SQL[metric]
    starts, ends = con.execute(
        "select starts_on, ends_on from marts.period where period = ? and compare = 'current'",
        [chosen["period"]],
    ).fetchall()[0]
    conditions = [where, f"{at}::date between '{starts}' and '{ends}'"]
    for name, column in zip(("segment", "region", "source"), dimensions, strict=True):
        if chosen[name] != "all":
            values = con.execute(
                f"select distinct {name} from marts.metric_slice where {name} <> 'All' order by 1"
            ).fetchall()
            known = dict(zip(slugs([v[0] for v in values]), (v[0] for v in values), strict=True))
            conditions.append(f"coalesce({column}, 'Unknown') = '{known[chosen[name]]}'")
    query = f"select {expression} from {tables} where {' and '.join(conditions)}"
    found = con.execute(query).fetchall()[0][0]
    return None if found is None else float(found)


def figures(page: Any) -> list[dict[str, str]]:
    """Every figure on the page that says what it was chosen by."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.figure[data-period]')].map(e => ({...e.dataset}))"
    )


def test_random_figures_equal_sql_for_random_filters(built, warehouse, visit):
    chance = random.Random(11)
    there = visit(built)
    page = there.open("sources.html")
    options = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.filters select')]"
        ".map(s => [s.name, [...s.options].map(o => o.value)]))"
    )
    wrong, compared = [], 0
    for number in range(14):
        slug = ("overview", "sources")[number % 2]
        some = {name: chance.choice(options[name]) for name in ("period", "segment", "region")}
        if number % 4 == 0:
            some["source"] = chance.choice(options["source"])
        query = "&".join(f"{name}={value}" for name, value in some.items())
        page = there.open(f"{slug}.html?{query}")
        shown = [one for one in figures(page) if one["metric"] in SQL]
        for one in chance.sample(shown, min(22, len(shown))):
            wanted = by_sql(warehouse, one["metric"], one)
            found = float(one["value"]) if one["value"] else None
            compared += 1
            # Money is shipped in cents; all else must be the very same number.
            money = one["metric"] in (
                "pipeline_created",
                "won_amount",
                "marketing_sourced_share",
                "marketing_influenced_share",
            )
            exact = wanted == found or (not wanted and not found)
            close = money and wanted and found and abs(wanted - found) <= 0.006
            if not (exact or close):
                wrong.append((one, wanted))
    assert wrong == []
    assert compared >= 200
    assert there.problems == []
    assert there.outside == []


def test_what_was_rendered_is_what_the_script_says(built, visit):
    """No word may change when the script takes over, for the choice that pages open with."""
    plain = visit(built, java_script_enabled=False)
    script = visit(built)
    texts = (
        "() => [...document.querySelectorAll("
        "'.answer, .applied, .headline, .detail, .aim, .certainty, dd.n')]"
        ".map(e => e.textContent.replace(/\\s+/g, ' ').trim())"
    )
    for slug in ("overview", "sources"):
        plain.page.goto(f"file://{built}/site/{slug}.html")
        assert script.open(f"{slug}.html").evaluate(texts) == plain.page.evaluate(texts)


def test_filters_are_in_the_address_follow_to_other_pages_and_back_works(built, visit):
    there = visit(built)
    page = there.open("overview.html")
    before = page.locator("[data-tile=pipeline_created] .value").inner_text()
    page.select_option("[name=period]", "all_time")
    page.select_option("[name=segment]", "smb")
    there.settle()
    assert "period=all_time" in page.url
    assert "segment=smb" in page.url
    assert page.locator("[data-tile=pipeline_created] .value").inner_text() != before
    page.go_back()
    page.go_back()
    there.settle()
    assert page.locator("[data-tile=pipeline_created] .value").inner_text() == before
    page.go_forward()
    page.click("nav >> text=Sources")
    page.wait_for_selector('html[data-ready="1"]')
    assert page.locator("[name=period]").input_value() == "all_time"
    assert there.problems == []


def test_an_unknown_choice_in_the_address_is_ignored(built, visit):
    page = visit(built).open("overview.html?period=%3Cscript%3E&source=__proto__&segment=nope")
    assert page.locator("[name=period]").input_value() == "last_90_days"
    assert page.locator("[name=source]").input_value() == "all"


def test_png_is_made_under_the_policy(built, visit):
    there = visit(built)
    page = there.open("overview.html")
    with page.expect_download() as download:
        page.click("#pipeline-by-source [data-tool=png]")
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert there.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_quiet_and_fits_a_telephone(built, visit, scheme):
    there = visit(built, color_scheme=scheme, viewport={"width": 390, "height": 844})
    for slug in site.pages():
        page = there.open(f"{slug}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, slug
    assert there.problems == []
    assert there.outside == []


def test_a_small_sample_shows_counts_and_no_rate(built, warehouse, visit):
    there = visit(built)
    page = there.open("sources.html?period=last_30_days")
    cells = page.evaluate(
        "() => [...document.querySelectorAll('#performance [data-metric=win_rate]')]"
        ".map(e => [Number(e.dataset.n), e.textContent])"
    )
    few = [text for n, text in cells if 0 < n < 10]
    assert few
    assert not [text for text in few if "%" in text]


def test_a_median_of_few_wins_is_said_to_be_one(built, visit):
    page = visit(built).open("sources.html?period=last_30_days&segment=enterprise&region=europe")
    assert "for a median length (n = " in page.locator(".answer").inner_text()
    assert page.locator("#performance [data-metric=cycle_length]").first.inner_text() != "1"


def test_the_popover_says_meaning_owners_version_and_closes_with_escape(built, visit):
    page = visit(built).open("overview.html")
    page.click("[data-tile=win_rate] .info")
    about = page.locator("#about-win_rate")
    assert about.is_visible()
    assert "Won ÷ (won + lost)" in about.inner_text()
    assert "records" in about.inner_text()
    page.keyboard.press("Escape")
    assert not about.is_visible()


def test_old_data_is_called_stale_when_read(built, visit):
    there = visit(built)
    there.page.clock.install(time="2099-01-01T00:00:00Z")
    page = there.open("overview.html")
    assert page.locator(".freshness").get_attribute("data-freshness") == "stale"
    assert "Salesforce data is" in page.locator("#late").inner_text()


def test_python_and_the_browser_write_numbers_alike(built, visit):
    from dashboards import formats, intervals

    values = [
        *(0, 0.5, 1.5, 2.5, 9.994, 9.995, 99.949, 99.95, 999.4, 999.5, 1000, 1005, 9_995, 99_950),
        *(999_499, 999_500, 1e6, 26_249_999.99, 7.005e6, 1.0049e9, -1234.5, 0.005, 0.125),
    ]
    page = visit(built).open("overview.html")
    browser = page.evaluate(
        "values => values.map(v => [Onefunnel.formats.money(v, 'USD'), Onefunnel.formats.count(v),"
        " Onefunnel.formats.percent(v, 1), Onefunnel.formats.days(v)])",
        values,
    )
    python = [
        [formats.money(v), formats.count(v), formats.percent(v, 1), formats.days(v)] for v in values
    ]
    assert browser == python
    pairs = [(0, 12), (3, 17), (12, 12), (164, 551), (1, 8000)]
    ours = [list(intervals.wilson(*pair)) for pair in pairs]
    theirs = page.evaluate("pairs => pairs.map(p => Onefunnel.intervals.wilson(...p))", pairs)
    assert theirs == [pytest.approx(pair, abs=1e-15) for pair in ours]


@pytest.mark.parametrize("slug", ["overview", "sources", "handoff", "weekly"])
def test_on_paper_nothing_stands_out_of_its_card(visit, built, slug):
    page = visit(built, viewport={"width": 718, "height": 1040}, color_scheme="dark").open(
        f"{slug}.html"
    )
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(200)
    wider = page.evaluate(
        """() => [...document.querySelectorAll('.card .main-svg, .card table')]
            .filter((one) => one.getBoundingClientRect().right
                > one.closest('.card').getBoundingClientRect().right + 1)
            .map((one) => one.closest('.card').id)"""
    )
    assert wider == []
    ground = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
