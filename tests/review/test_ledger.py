import json

import duckdb
import pytest

from review import ledger


@pytest.fixture
def published(tmp_path):
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.metric_month as select * from (values "
            "('win_rate', date '2026-05-01', 'Direct', 1.0, 4.0, 0.25, 4), "
            "('win_rate', date '2026-06-01', 'Events', 2.0, 4.0, 0.5, 4), "
            "('mqls', date '2026-06-01', 'Direct', 7.0, null, 7.0, 7), "
            "('cycle_length', date '2026-06-01', 'Direct', null, null, 40.5, 9)) "
            "as t(metric, month, source, numerator, denominator, value, n)"
        )
    return path


def entries(published):
    return ledger.entries(published, run={"run_id": "r1"}, fingerprints={"mql": "f1"})


def test_every_metric_is_recorded_with_what_it_was_computed_from(published, tmp_path):
    ledger.write(tmp_path / "prepared.jsonl", entries(published))
    lines = ledger.read(tmp_path / "prepared.jsonl")
    assert lines[0] == {
        "kind": "run", "run_id": "r1", "definitions": {"mql": "f1"}, "figures": 4,
    }  # fmt: skip
    assert json.dumps(lines).count('"month": "2026-06-01"') == 3


def test_recording_twice_changes_nothing(published, tmp_path):
    prepared, folder = tmp_path / "prepared.jsonl", tmp_path / "ledger"
    folder.mkdir()
    ledger.write(prepared, entries(published))
    assert ledger.append(folder, "r1", prepared)
    first = (folder / "r1.jsonl").read_bytes()
    prepared.write_text("something else")
    assert not ledger.append(folder, "r1", prepared)
    assert (folder / "r1.jsonl").read_bytes() == first
