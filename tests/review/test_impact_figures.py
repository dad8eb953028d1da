"""Every figure of the report equals what two full builds say, computed another way."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from tests.conftest import ROOT
from tests.review import independent
from tests.review.projects import copy_of, edit
from tests.running import environment, onefunnel, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
MQL = "models/definitions/mql.sql"
CHANGES = {
    "a tighter threshold": [(MQL, "50 as minimum_score", "65 as minimum_score")],
    "an industry is no ICP any more": [("seeds/icp/icp_industry.csv", "Software\n", "")],
    "a new scoring signal": [
        (
            "seeds/scoring/score_points.csv",
            "E-mail click,email_click,,5,,",
            "E-mail click,email_click,,5,,\nBlog,page_view,/blog,20,,",
        )
    ],
    "sales has less time to decide": [
        ("seeds/calendar/service_level.csv", "decide,hand_raise,5", "decide,hand_raise,1"),
        ("seeds/calendar/service_level.csv", "decide,score,5", "decide,score,1"),
    ],
    "a source is mapped otherwise": [
        (
            "seeds/mappings/source_mapping.csv",
            "hubspot,ORGANIC_SEARCH,,Organic search,Organic search,marketing",
            "hubspot,ORGANIC_SEARCH,,Partner,Partner,partner",
        )
    ],
    "the same rule in other words": [
        (MQL, "        50 as minimum_score", "        -- points\n        50 as minimum_score"),
        (
            MQL,
            "coalesce(interest.score, 0) >= agreed.minimum_score as c_engaged",
            "agreed.minimum_score <= coalesce(interest.score, 0) as c_engaged",
        ),
    ],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A release of a small company."""
    place = tmp_path_factory.mktemp("figures") / "home"
    sandbox = start(build("small", seed=11))
    try:
        run(place, sandbox.url)
    finally:
        sandbox.stop()
    return place


@pytest.fixture(scope="module")
def base(home):
    return independent.read(home / "private" / "warehouse.duckdb")


@pytest.fixture(scope="module", params=CHANGES)
def compared(request, home, tmp_path_factory):
    """The report of a change, and the warehouse of a full build under it."""
    folder = tmp_path_factory.mktemp("change")
    project = copy_of(folder)
    for one in CHANGES[request.param]:
        edit(project, *one)
    asked = ["impact", "--project", str(project), "--out", str(folder / "out"), "--quiet"]
    done = onefunnel(*asked, env=environment(home))
    report = json.loads((folder / "out" / "impact.json").read_text())
    assert report["verdict"] in ("moved", "unchanged"), report
    assert done.returncode == (10 if report["verdict"] == "moved" else 0), done.stderr
    warehouse = folder / "full" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    shutil.copy(home / "private" / "warehouse.duckdb", warehouse)
    built = subprocess.run(
        [sys.executable, "-m", "orchestration.dbt_process", "--quiet", "build",
         "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test",
         "--project-dir", str(project), "--profiles-dir", str(project)],
        env={**environment(home), "ONEFUNNEL_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT),
             "DBT_TARGET_PATH": str(folder / "full"), "DBT_LOG_PATH": str(folder / "full"),
             "DBT_STARTED_BY": str(os.getpid())},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-3000:]
    return request.param, report, independent.read(warehouse)


def value_of(row: dict, side: str) -> object:
    return row[f"{side}_of"] if row["unit"] == "rate" else row[side]


def test_the_headline_is_what_two_full_builds_say(compared, base):
    change, report, head = compared
    for side, warehouse in (("base", base), ("head", head)):
        told = independent.figures(warehouse.mqls, warehouse.deals)
        told |= {"people": warehouse.lead_rows, "records": warehouse.record_rows}
        told |= {"deals": warehouse.all_deals, "deals_won": warehouse.all_won}
        said = {row["slug"]: value_of(row, side) for row in report["headline"]}
        assert said == told, (change, side)
    for row in report["headline"]:
        assert row["moved"] == (value_of(row, "base") != value_of(row, "head"))
    # What only adds up definitions is left standing.
    assert report["figures"] == []
    is_same = change == "the same rule in other words"
    assert (report["verdict"] == "unchanged") == is_same, "each change must bite"


def test_targets_are_what_two_full_builds_say(compared, base):
    change, report, head = compared
    begun = [row for row in base.targets if row["quarter_start"] <= date(2026, 6, 30)]
    assert len(report["targets"]) == len(begun) > 50
    for row in report["targets"]:
        for side, warehouse in (("base", base), ("head", head)):
            quarter = date.fromisoformat(row["quarter"])
            told = independent.attained(warehouse, quarter, row["team"], row["metric"])
            expected = None if told is None else pytest.approx(told, abs=1e-5)
            assert row[side] == expected, (change, row, side)


def test_breakdowns_are_what_two_full_builds_say(compared, base):
    change, report, head = compared
    for name, rows in report["breakdowns"].items():
        for side, warehouse in (("base", base), ("head", head)):
            campaigns = {row["id"]: row["campaign"] for row in warehouse.mqls}
            for row in rows:
                mqls = [one for one in warehouse.mqls if one[name] == row["value"]]
                deals = [
                    deal
                    for deal in warehouse.deals
                    if row["value"]
                    == (
                        campaigns.get(deal["episode"], "No campaign")
                        if name == "campaign"
                        else deal[name]
                    )
                ]
                told = independent.figures(mqls, deals)
                said = {slug: value_of(one, side) for slug, one in row["figures"].items()}
                assert said == {slug: told[slug] for slug in said}, (change, name, row["value"])


def test_who_changes_sides_and_what_became_of_them_is_what_two_full_builds_say(compared, base):
    change, report, head = compared
    accepted = [[row for row in one.mqls if row["outcome"] == "accepted"] for one in (base, head)]
    for term, groups in (
        ("mql", independent.moved(base.mqls, head.mqls, "person", "at")),
        ("sal", independent.moved(*accepted, "person", "accepted_at")),
    ):
        said = {row["kind"]: row for row in report["movers"][term]}
        assert set(said) == {kind for kind, rows in groups.items() if rows}, (change, term)
        for kind, row in said.items():
            told = independent.became(groups[kind])
            assert {name: row[name] for name in told} == told, (change, term, kind)
    deals = independent.moved(base.deals, head.deals, "id", "at")
    said = {row["kind"]: (row["n"], row["pipeline"]) for row in report["movers"]["deal"]}
    assert said == {
        kind: (len(rows), independent.money(deal["amount"] for deal in rows))
        for kind, rows in deals.items()
        if rows
    }
    groups = independent.moved(base.mqls, head.mqls, "person", "at")
    for kind, judging in (("leaves", head), ("enters", base)):
        told = independent.fails(groups[kind], judging)
        said = {
            tuple(row["clauses"]): row["n"]
            for row in report["by_clause"]
            if (row["term"], row["kind"]) == ("mql", kind)
        }
        assert said == dict(told), (change, kind)


def test_tables_that_differ_are_what_two_full_builds_say(compared, base):
    change, report, head = compared
    compared_ones = {row["table"] for row in report["tables"]}
    said = {row["table"] for row in report["tables"] if row["moved"]}
    told = {
        name
        for name, rows in head.tables.items()
        if rows != base.tables[name] and name not in ("run", "definition_change")
    }
    assert said == told & compared_ones, change
    # What was left standing rests on a definition that moves, or does not move.
    assert told - compared_ones <= set(report["resting"]), change
    assert bool(report["resting"]) == bool(said), change
    pairs = Counter(
        (base.icp[account], fit)
        for account, fit in head.icp.items()
        if account in base.icp and base.icp[account] != fit
    )
    fits = [row for row in report["judgements"] if row["what"].startswith("ICP fit")]
    assert {(row["from"], row["to"]): row["n"] for row in fits} == dict(pairs)
