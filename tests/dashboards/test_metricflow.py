"""The shared metrics as MetricFlow computes them are those of the pages."""

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.dashboards import fixture

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "dbt_project" / "models" / "marts"
METRICFLOW = Path(sys.executable).parent / "mf"


def copied(built: Path, folder: Path) -> Path:
    """A copy of the published tables, beside a copy of the project and what dbt parsed of it."""
    project = folder / "dbt_project"
    shutil.copytree(ROOT / "dbt_project", project, ignore=shutil.ignore_patterns("target"))
    # Another name of the file would be another database.
    warehouse = folder / "warehouse.duckdb"
    shutil.copy(built / "published.duckdb", warehouse)
    (project / "target").mkdir()
    for name in ("manifest.json", "semantic_manifest.json", "partial_parse.msgpack"):
        shutil.copy(built.parent / "target" / name, project / "target" / name)
    return warehouse


def ask(warehouse: Path, *arguments: str) -> list[dict[str, str]]:
    """Ask as an analyst does: `mf query` in a copy of the project, on the published tables."""
    project, answer = warehouse.parent / "dbt_project", warehouse.parent / "answer.csv"
    done = subprocess.run(
        [METRICFLOW, "query", *arguments, "--quiet", "--csv", answer],
        cwd=project,
        env={
            **os.environ,
            "ONEFUNNEL_WAREHOUSE": str(warehouse),
            "DBT_PROFILES_DIR": str(project),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return list(csv.DictReader(answer.open(encoding="utf-8")))


@pytest.fixture(scope="module")
def query(built, tmp_path_factory):
    """`ask` of the tables as they were built."""
    return partial(ask, copied(built, tmp_path_factory.mktemp("metricflow")))


def shared_metrics() -> list[str]:
    described = yaml.safe_load((MODELS / "metric_slice.yml").read_text(encoding="utf-8"))
    return list(described["models"][0]["config"]["meta"]["metrics"])


def test_every_shared_metric_is_declared():
    declared = yaml.safe_load((MODELS / "metrics.yml").read_text(encoding="utf-8"))
    names = {metric["name"] for metric in declared["metrics"]}
    assert set(shared_metrics()) - names == set()


def test_mf_query_gives_the_figures_of_the_pages_for_every_shared_metric(query, warehouse):
    metrics = shared_metrics()
    rows = query("--metrics", ",".join(metrics), "--group-by", "metric_time__month,source")
    asked = {
        (metric, row["metric_time__month"][:10], row["source"]): float(row[metric])
        for row in rows
        for metric in metrics
        if row[metric] not in ("", "nan", "None")
    }
    shown = {
        (metric, str(month), source): value
        for metric, month, source, value in warehouse.execute(
            "select metric, month, source, value from marts.metric_month "
            "where value is not null and source <> 'All'"
        ).fetchall()
    }
    assert len({metric for metric, _, _ in shown}) >= 13
    assert set(asked) == set(shown)
    differing = {
        key: (asked[key], value)
        for key, value in shown.items()
        if asked[key] != pytest.approx(value, rel=1e-6, abs=0.01)
    }
    assert differing == {}


def test_sources_are_grouped_by_their_team(query, warehouse):
    rows = query("--metrics", "pipeline_created", "--group-by", "source__team")
    asked = {row["source__team"]: round(float(row["pipeline_created"])) for row in rows}
    # Whose a deal is says the definition; only the sources of the long tail are nobody's on pages.
    agreed = warehouse.execute(
        "select case when shown.source is null then 'various' else deals.team end, "
        "sum(coalesce(deals.amount, 0)) from definitions.pipeline_source as deals "
        "left join marts.source as shown on deals.source = shown.source group by 1"
    ).fetchall()
    on_pages = warehouse.execute(
        "select team, sum(amount) from marts.pipeline_by_source "
        "where segment = 'All' and region = 'All' group by 1"
    ).fetchall()
    assert asked == {team: pytest.approx(float(amount), abs=2) for team, amount in agreed}
    assert asked == {team: pytest.approx(amount, abs=2) for team, amount in on_pages}


def test_quarters_and_weeks_are_those_of_the_pages_whatever_the_calendar_says(built, tmp_path):
    warehouse = copied(built, tmp_path)
    with duckdb.connect(str(warehouse)) as con:
        con.execute("update seeds.calendar set week_start = 'sunday', fiscal_year_start_month = 2")
    moved = ("calendar_day", "metric_fact", "obligation", "int_week", "rejection_week")
    fixture.run_dbt(warehouse, "run", "--select", *moved)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        quarters = con.execute(
            "select quarter_start, denominator from marts.obligation "
            "where obligation = 'rejection_reason_given'"
        ).fetchall()
        weeks = con.execute(
            "select week_start, sum(records) from marts.rejection_week group by 1"
        ).fetchall()
    whole = "rejection_reason_given_whole"
    rows = ask(warehouse, "--metrics", whole, "--group-by", "fact__fiscal_quarter,fact__week_start")
    for part, table in (("fiscal_quarter", quarters), ("week_start", weeks)):
        asked: Counter[str] = Counter()
        for row in rows:
            asked[row[f"fact__{part}"][:10]] += int(float(row[whole]))
        shown = {str(first): int(turned_down) for first, turned_down in table if turned_down}
        assert len(shown) > 3
        assert asked == shown
