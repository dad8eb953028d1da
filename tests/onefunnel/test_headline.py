import json
from datetime import datetime

import duckdb
import pytest
from click.testing import CliRunner

from onefunnel import cli, headline
from onefunnel.home import Home
from onefunnel.releases import Releases

AS_OF = datetime(2026, 6, 30, 12)
UNITS = {
    "win_rate": "rate", "mql_to_won": "rate1", "pipeline_created": "money", "mqls": "count",
    "cycle_length": "days", "days_from_mql": "days",
}  # fmt: skip


@pytest.fixture
def facts(tmp_path):
    metrics = {
        slug: {"title": slug, "sentence": "-", "definition": "win", "unit": unit, "noun": "won"}
        for slug, unit in UNITS.items()
    }
    model = {
        "resource_type": "model", "name": "metric_slice", "schema": "marts", "description": "",
        "columns": {}, "config": {"meta": {"metrics": metrics}},
    }  # fmt: skip
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"model.x": model}}))
    with duckdb.connect(str(tmp_path / "published.duckdb")) as con:
        con.execute("create schema marts; create table marts.run as select 'EUR' as currency")
        con.execute(
            "create table marts.metric_slice as select metric, period, 'current' as compare, "
            "'All' as segment, region, 'All' as source, numerator::double as numerator, "
            "denominator::double as denominator, value::double as value, n from (values "
            "('win_rate', 'all_time', 'All', 182.0, 608.0, 182/608::double, 608), "
            "('mql_to_won', 'all_time', 'All', 3.0, 7.0, 3/7::double, 7), "
            "('pipeline_created', 'all_time', 'All', 98459734.76, null, 98459734.76, 688), "
            "('mqls', 'all_time', 'All', 1823.0, null, 1823.0, 1823), "
            "('mqls', 'last_90_days', 'All', 9.0, null, 9.0, 9), "
            "('mqls', 'all_time', 'Europe', 8.0, null, 8.0, 8), "
            "('cycle_length', 'all_time', 'All', null, null, 42.5, 176), "
            "('days_from_mql', 'all_time', 'All', null, null, 54.0, 4)) "
            "as t(metric, period, region, numerator, denominator, value, n)"
        )
    return headline.facts(tmp_path / "published.duckdb", manifest)


def test_medians_are_looked_up_and_every_figure_has_its_unit(facts):
    assert facts["headline"]["cycle_length"] == 42.5
    assert facts["shown"] == {
        "win_rate": "30%", "mql_to_won": "3 of 7", "pipeline_created": "€98.5M", "mqls": "1,823",
        "cycle_length": "42.5 days", "days_from_mql": "n = 4",
    }  # fmt: skip


def test_releases_are_listed_in_words_and_older_ones_by_their_numbers(facts, tmp_path, monkeypatch):
    monkeypatch.setenv("ONEFUNNEL_HOME", str(tmp_path / "home"))
    releases = Releases(Home(tmp_path / "home").create())
    for run, said in (("run1", {"headline": {"mqls": 1500.0}}), ("run2", facts)):
        draft = releases.draft(run)
        (draft / "x").write_text("x")
        releases.serve(releases.seal(draft, run, AS_OF, said).name)
    said = CliRunner().invoke(cli.commands, ["releases"]).output
    for part in ("1,500", "1,823", "42.5 days", "€98.5M"):
        assert part in said
