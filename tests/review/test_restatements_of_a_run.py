"""A late record and a changed definition in the same week, on real runs against the local CRM."""

import json
import os
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from tests.product import copy_of, run_copy
from tests.running import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

FIGURES = "select metric, month, source, numerator, value, denominator from marts.metric_month"
LATE = {
    "Id": "006000000LATE01AAA",
    "Name": "Keyed in late",
    "StageName": "Needs Analysis",
    "Type": "New Customer",
    "Amount": 48000,
    "CloseDate": "2026-12-31",
    "CreatedDate": "2026-05-12T09:00:00.000+0000",
    "IsClosed": False,
    "IsWon": False,
    "IsDeleted": False,
}


def changed_project(folder: Path) -> Path:
    """A copy of the product in which an opportunity counts one stage later."""
    copy_of(folder)
    stages = folder / "dbt_project" / "seeds" / "mappings" / "opportunity_stage.csv"
    text = stages.read_text()
    line = next(row for row in text.splitlines() if row.startswith("salesforce,Qualification,"))
    assert "accepted" in line
    stages.write_text(text.replace(line, line.replace("accepted", "not_accepted")))
    return folder


def run_changed(copy: Path, home: Path, url: str) -> str:
    """`onefunnel run` of the copied product, which must succeed."""
    done = run_copy(copy, home, url)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def rows(home: Path, sql: str) -> list[dict]:
    with duckdb.connect(str(home / "current/published.duckdb"), read_only=True) as con:
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def figures(home: Path) -> dict:
    found = rows(home, FIGURES)
    return {
        (r["metric"], r["month"], r["source"]): (r["numerator"], r["value"], r["denominator"])
        for r in found
    }


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """Homes: `ours` (old rule, then new rule and late record), `other` (new rule, old data)."""
    base = tmp_path_factory.mktemp("week")
    sandbox = start(build("small", seed=7))
    world = sandbox.world
    ours, other, copy = base / "ours", base / "other", changed_project(base / "changed")
    try:
        run(ours, sandbox.url)
        published = figures(ours)
        run_changed(copy, other, sandbox.url)
        world.advance_to(world.now + timedelta(days=7))
        moment = world.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        world.add("salesforce", "Opportunity", {**LATE, "SystemModstamp": moment}, world.now)
        world.advance_to(world.now + timedelta(hours=1))
        said = run_changed(copy, ours, sandbox.url)
        restated = rows(ours, "select * from marts.restatement")
        page = (ours / "current/site/restatements.html").read_text()
        run_changed(copy, ours, sandbox.url)
    finally:
        sandbox.stop()
    return {
        "published": published, "ruled": figures(other), "now": figures(ours), "ours": ours,
        "restated": restated, "said": said, "page": page,
    }  # fmt: skip


def test_each_part_equals_what_full_runs_of_either_say(week):
    """Of what depends on the day of an event alone, every closed figure, down to the source."""
    metrics = {"opportunities_created", "pipeline_created", "win_rate", "won", "won_amount"}
    keys = {
        key
        for key in {*week["published"], *week["ruled"], *week["now"]}
        if key[0] in metrics and str(key[1]) < "2026-06-01"
    }
    told = {(r["metric"], r["month"], r["source"]): r for r in week["restated"]}
    nothing = (None, None, None)
    both = 0
    for key in keys:
        was, ruled, now = (week[name].get(key, nothing) for name in ("published", "ruled", "now"))
        # A sum of 0 that is no longer listed at all has not moved.
        was, ruled, now = (found if any(found) else nothing for found in (was, ruled, now))
        row = told.get(key)
        if was == now:
            # Moves that cancel each other leave what was published as it was.
            assert row is None, key
            continue
        assert row, (key, was, ruled, now)
        part = 0 if key[0] != "win_rate" else 1
        definition, late = (
            (ruled[part] or 0) - (was[part] or 0),
            (now[part] or 0) - (ruled[part] or 0),
        )
        name = "value" if part else "numerator"
        assert row[f"definition_{name}"] == pytest.approx(definition, abs=1e-6), key
        assert row[f"late_data_{name}"] + row[f"ripening_{name}"] == pytest.approx(
            late, abs=1e-6
        ), key
        both += bool(definition and late)
    assert both, "one figure must have moved for both reasons"


def test_the_late_deal_is_late_data_and_the_stage_is_the_definition(week):
    key = ("pipeline_created", "2026-05-01", "All")
    row = next(r for r in week["restated"] if (r["metric"], str(r["month"]), r["source"]) == key)
    assert row["late_data_value"] == LATE["Amount"]
    assert row["late_data_records"] == 1
    assert row["definition_value"] != 0
    assert row["changed_definitions"] == "opportunity, win"
    assert row["not_split_because"] == ""


def test_the_parts_add_up_for_every_figure(week):
    for row in week["restated"]:
        for part in ("numerator", "denominator", "value"):
            parts = sum(
                row[f"{name}_{part}"] or 0 for name in ("definition", "late_data", "ripening")
            )
            moved = (row[f"now_{part}"] or 0) - (row[f"published_{part}"] or 0)
            assert parts == pytest.approx(moved, abs=1e-6), row


def test_the_records_behind_it_are_in_a_private_file_of_ids_alone(week):
    path = next((week["ours"] / "ledger" / "records").glob("*.jsonl"))
    assert path.parents[1].stat().st_mode & 0o077 == 0
    records = [json.loads(line) for line in path.read_text().splitlines()]
    late = [r for r in records if r["cause"] == "late data" and r["subject_id"] == LATE["Id"]]
    assert {r["metric"] for r in late} >= {"opportunities_created", "pipeline_created"}
    assert all(set(r) == {"kind", "cause", "metric", "subject_id", "published_month", "month",
                          "published_source", "source"} for r in records)  # fmt: skip


def test_the_run_and_the_page_say_so_and_a_quiet_run_keeps_it(week):
    assert "no_published_figure_moved" in week["said"]
    assert "late data" in week["page"]
    again = rows(week["ours"], "select distinct run_id from marts.restatement")
    assert again == [{"run_id": week["restated"][0]["run_id"]}]
    assert len(rows(week["ours"], "from marts.restatement")) == len(week["restated"])
    assert os.listdir(week["ours"] / "ledger" / "restatements") == [f"{again[0]['run_id']}.jsonl"]
