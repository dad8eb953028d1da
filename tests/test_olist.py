"""Real input: the public Olist funnel through both APIs, the landing, dbt and the published page.

The facts are those of the source files, counted without Onefunnel. They hold of what a run
publishes and, in half the time, of models and pages over the same records without a server.
"""

from pathlib import Path

import duckdb
import pytest

from connectors.sandbox.load import load
from connectors.sandbox.olist import convert
from connectors.sandbox.serve import start
from connectors.sandbox.world import World
from onefunnel.home import Home
from tests import warehouse
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


def by_a_run(folder: Path, world: World) -> Path:
    """`onefunnel run` against the local CRM."""
    with start(world) as sandbox:
        run(folder / "home", sandbox.url)
    return folder / "home" / "current"


def by_the_models(folder: Path, world: World) -> Path:
    """Models and pages over the records; the story runs the rest of the way in the quick tests."""
    built = warehouse.pages(folder, world)
    (built / "published.duckdb").symlink_to(Home(folder / "home").warehouse)
    return built


@pytest.fixture(
    scope="module",
    params=[by_the_models, pytest.param(by_a_run, marks=pytest.mark.slow)],
    ids=lambda way: way.__name__,
)
def release(request, olist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("olist")
    convert(olist, folder / "records")
    return request.param(folder, load(folder / "records"))


@pytest.fixture(scope="module")
def published(release):
    con = duckdb.connect(release / "published.duckdb", read_only=True)
    yield con
    con.close()


def test_every_landing_page_request_is_an_mql_with_unknown_fit(published):
    found = published.execute(
        "select count(*), count(*) filter (where is_mql), count(distinct person_id), "
        "count(*) filter (where is_mql and mql_trigger is null), "
        "count(*) filter (where icp_fit <> 'insufficient_data') from definitions.mql"
    ).fetchone()
    assert found == (8000, 8000, 8000, 0, 0)


def test_sources_and_wins_are_those_of_the_files(published):
    mqls = dict(
        published.execute(
            "select source, count(*) from definitions.mql where is_mql group by source"
        ).fetchall()
    )
    won = dict(
        published.execute(
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


def test_the_median_deal_took_14_days_and_the_impossible_one_is_kept_and_flagged(published):
    days = published.execute(
        "select median(days_from_mql), count(days_from_mql), min(days_from_mql) "
        "from definitions.win where outcome = 'won'"
    ).fetchone()
    assert days == (14, 842, -2)
    flagged = published.execute(
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
