"""Real input: the public Olist funnel through both APIs, the landing, dbt and the published page.

The facts are those of the source files, counted without Onefunnel.
"""

import duckdb
import pytest

from connectors.sandbox.load import load
from connectors.sandbox.olist import convert
from connectors.sandbox.serve import start
from tests.running import run

pytestmark = pytest.mark.timeout(900)

# origin → (MQLs, won) as the source files have them
ORGANIC, PAID, SOCIAL, DIRECT, EMAIL, REFERRAL = (
    (2296, 271),
    (1586, 195),
    (1350, 75),
    (499, 56),
    (493, 15),
    (284, 24),
)
BY_SOURCE = {
    "Organic search": ORGANIC,
    "Paid search": PAID,
    "Organic social": SOCIAL,
    "Unknown": (1099, 179),
    "Direct": DIRECT,
    "Email": EMAIL,
    "Referral": REFERRAL,
    "Not recorded": (60, 14),
}


@pytest.fixture(scope="module")
def release(olist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("olist")
    convert(olist, folder / "records")
    sandbox = start(load(folder / "records"))
    try:
        run(folder / "home", sandbox.url)
    finally:
        sandbox.stop()
    return folder / "home" / "current"


@pytest.fixture(scope="module")
def warehouse(release):
    con = duckdb.connect(release / "published.duckdb", read_only=True)
    yield con
    con.close()


def test_every_landing_page_request_is_an_mql_with_unknown_fit(warehouse):
    found = warehouse.execute(
        "select count(*), count(*) filter (where is_mql), count(distinct person_id), "
        "count(*) filter (where is_mql and mql_trigger is null), "
        "count(*) filter (where icp_fit <> 'insufficient_data') from definitions.mql"
    ).fetchone()
    assert found == (8000, 8000, 8000, 0, 0)


def test_sources_and_wins_are_those_of_the_files(warehouse):
    mqls = dict(
        warehouse.execute(
            "select source, count(*) from definitions.mql where is_mql group by source"
        ).fetchall()
    )
    won = dict(
        warehouse.execute(
            "select mql.source, count(*) from definitions.win "
            "inner join definitions.opportunity using (opportunity_id) "
            "inner join definitions.mql using (episode_id) "
            "where win.outcome = 'won' group by mql.source"
        ).fetchall()
    )
    assert sum(mqls.values()) == 8000
    assert sum(won.values()) == 842
    assert round(100 * sum(won.values()) / sum(mqls.values()), 3) == 10.525
    found = {source: (mqls.get(source), won.get(source)) for source in BY_SOURCE}
    assert found == BY_SOURCE


def test_the_median_deal_took_14_days_and_the_impossible_one_is_kept_and_flagged(warehouse):
    days = warehouse.execute(
        "select median(days_from_mql), count(days_from_mql), min(days_from_mql) "
        "from definitions.win where outcome = 'won'"
    ).fetchone()
    assert days == (14, 842, -2)
    flagged = warehouse.execute(
        "select mql.is_mql from definitions.win "
        "inner join definitions.opportunity using (opportunity_id) "
        "inner join definitions.mql using (episode_id) where win.days_from_mql < 0"
    ).fetchall()
    assert flagged == [(True,)]


@pytest.mark.chromium
def test_the_pages_show_the_same_figures(release, browser):
    page = browser.new_page()

    def opened(name: str, card: str) -> None:
        page.goto(f"file://{release}/site/{name}.html?period=all_time")
        page.wait_for_selector('html[data-ready="1"]')
        page.click(f"#{card} [data-tool=table]")

    def shown(metric: str, source: str = "all") -> float:
        found = page.locator(f'[data-metric="{metric}"][data-source="{source}"]').first
        return float(found.get_attribute("data-value", timeout=5_000))

    opened("overview", "funnel")
    assert shown("funnel_mql_reached") == 8000
    assert shown("funnel_won_reached") == 842
    assert shown("cycle_length") == 14
    opened("sources", "conversion")
    assert shown("mql_to_won") == pytest.approx(0.10525)
    assert shown("days_from_mql") == 14
    for source, (mqls, won) in BY_SOURCE.items():
        slug = source.lower().replace(" ", "-")
        assert shown("mqls", slug) == mqls, source
        assert shown("mql_to_won", slug) == pytest.approx(won / mqls), source
    page.close()
