"""How a moved figure is split, on records small enough to count by hand."""

from contextlib import contextmanager
from datetime import date, datetime

import duckdb
import pytest

from onefunnel import recomputing, restating
from onefunnel.home import Home
from onefunnel.releases import Releases
from review import ledger, stages
from review.figures import Figure, first_open_month, moved
from review.restatement import (
    COLUMNS,
    CannotSplit,
    Move,
    by_figure,
    is_whole,
    load,
    split,
    unsplit,
)

AS_OF = datetime(2026, 6, 2)
MAY, JUNE = "2026-05-01", "2026-06-01"
MOVE = Move("r2", "2026-06-09T00:00:00", "r1", "2026-06-02T00:00:00", "mql")
FACT = "metric varchar, subject_id varchar, occurred_on date, source varchar, " \
    "numerator decimal(28, 6), denominator decimal(28, 6), duration_days bigint"  # fmt: skip


def mql(episode, day=3, source="Web"):
    return ("mqls", episode, date(2026, 5, day), source, 1, None, None)


def accepted(episode, is_accepted, day=3):
    return ("sales_acceptance", episode, date(2026, 5, day), "Web", int(is_accepted), 1, None)


def cycle(deal, days):
    return ("cycle_length", deal, date(2026, 5, 20), "Web", None, None, days)


@contextmanager
def warehouses(before, ruled, after, settled=()):
    con = duckdb.connect()
    for name, rows in (("before", before), ("ruled", ruled), ("after", after)):
        con.execute(f"attach ':memory:' as {name}")
        con.execute(f"create schema {name}.intermediate")
        con.execute(f"create table {name}.{stages.FACTS} ({FACT})")
        con.executemany(f"insert into {name}.{stages.FACTS} values (?, ?, ?, ?, ?, ?, ?)", rows)
        con.execute(
            f"create table {name}.{stages.SETTLED} "
            "(metric varchar, subject_id varchar, settled_at timestamp)"
        )
    for row in settled:
        con.execute(f"insert into after.{stages.SETTLED} values (?, ?, ?)", row)
    yield con
    con.close()


def explain(before, ruled, after, settled=()):
    with warehouses(before, ruled, after, settled) as con:
        found, records = stages.compute(con, AS_OF)
    behind = by_figure(records)
    return lambda metric, month=MAY, source="All": split(
        MOVE, (metric, month, source), found[metric, month, source],
        behind.get((metric, month, source), []),
    )  # fmt: skip


def parts(row, part="value"):
    return tuple(row[f"{cause}_{part}"] for cause in ("definition", "late_data", "ripening"))


def test_a_late_record_and_a_changed_rule_are_told_apart():
    """Two MQLs were published; the new rule drops one, and another came late."""
    before = [mql("e1"), mql("e2")]
    row = explain(before, [mql("e1")], [mql("e1"), mql("late")])("mqls")
    assert (row["published_value"], row["now_value"]) == (2, 2)
    assert parts(row) == (-1, 1, 0)
    assert (row["definition_records"], row["late_data_records"]) == (1, 1)
    assert is_whole(row)


def test_moves_that_cancel_each_other_in_the_sum_are_still_seen_by_source():
    before = [mql("e1", source="Web")]
    explained = explain(before, before, [mql("e1", source="Events")])
    assert parts(explained("mqls", source="Web")) == (0, -1, 0)
    assert parts(explained("mqls", source="Events")) == (0, 1, 0)
    assert explained("mqls") is None


def test_a_decision_after_publication_ripens_and_is_no_restatement():
    before = [mql("e1"), mql("e2"), accepted("e1", True)]
    after = [*before, accepted("e2", False)]
    decided = [("sales_acceptance", "e2", datetime(2026, 6, 5))]
    assert explain(before, before, after, decided)("sales_acceptance") is None


def test_a_decision_that_was_made_before_but_came_late_is_late_data():
    before = [mql("e1"), mql("e2"), accepted("e1", True)]
    after = [*before, accepted("e2", False)]
    decided = [("sales_acceptance", "e2", datetime(2026, 5, 28))]
    row = explain(before, before, after, decided)("sales_acceptance")
    assert parts(row) == (0, -0.5, 0)
    assert parts(row, "denominator") == (0, 1, 0)


def test_an_mql_that_came_late_is_late_however_late_it_was_decided():
    before = [mql("e1"), accepted("e1", True)]
    after = [*before, mql("new"), accepted("new", False)]
    decided = [("sales_acceptance", "new", datetime(2026, 6, 5))]
    row = explain(before, before, after, decided)("sales_acceptance")
    assert parts(row, "denominator") == (0, 1, 0)


def test_the_parts_of_a_rate_and_of_a_median_add_up():
    before = [mql(f"e{n}") for n in range(5)] + [accepted(f"e{n}", n < 2) for n in range(3)]
    before += [cycle("d1", 10), cycle("d2", 31)]
    ruled = [row for row in before if row[1] != "e0"]
    after = [*ruled, accepted("e3", True), accepted("e4", True), cycle("d3", 75)]
    settled = [("sales_acceptance", "e3", datetime(2026, 6, 4)),
               ("sales_acceptance", "e4", datetime(2026, 5, 4))]  # fmt: skip
    explained = explain(before, ruled, after, settled)
    rate, median = explained("sales_acceptance"), explained("cycle_length")
    assert all(parts(rate))
    assert rate["now_value"] == 0.75
    assert is_whole(rate)
    assert parts(median) == (0, 10.5, 0)
    assert is_whole(median)


def test_only_closed_months_can_be_restated():
    before = {("mqls", MAY, "All"): Figure(1, None, 1), ("mqls", JUNE, "All"): Figure(1, None, 1)}
    after = {("mqls", MAY, "All"): Figure(1, None, 1), ("mqls", JUNE, "All"): Figure(9, None, 9)}
    assert first_open_month(AS_OF, "UTC") == JUNE
    assert moved(before, after, JUNE) == []
    assert moved(before, {}, JUNE) == [("mqls", MAY, "All")]
    # Half an hour into June in UTC it is still May in New York.
    assert first_open_month(datetime(2026, 6, 1, 0, 30), "America/New_York") == MAY


def published(home: Home, header: dict, value: float) -> list[dict]:
    """A served release with one figure, and nothing that could explain it."""
    lines = [
        {"kind": "run", "run_id": "r1", "as_of": str(AS_OF), "definitions": {}, **header},
        {"kind": "figure", "metric": "mqls", "month": MAY, "source": "All", "numerator": value,
         "denominator": None, "value": value},
    ]  # fmt: skip
    releases = Releases(home)
    draft = releases.draft("r1")
    ledger.write(draft / "ledger.jsonl", lines)
    releases.serve(releases.seal(draft, "r1", AS_OF, {}).name)
    return lines


def now(value: float) -> list[dict]:
    header = {"kind": "run", "run_id": "r2", "as_of": "2026-06-09 00:00:00", "logic": "b",
              "landing_fingerprint": "y", "definitions": {"mql": "x"}}  # fmt: skip
    return [header, {"kind": "figure", "metric": "mqls", "month": MAY, "source": "All",
                     "numerator": value, "denominator": None, "value": value}]  # fmt: skip


def test_nothing_moved_costs_no_look_at_any_record(tmp_path, monkeypatch):
    home = Home(tmp_path / "home").create()
    published(home, {}, 4.0)
    monkeypatch.setattr(restating, "explained", lambda *args: pytest.fail("records were read"))
    assert restating.restate(home, now(4.0), {}, "UTC") == ([], [])


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({}, "did not note under which rule"),
        ({"logic": "a", "known_at": "2026-06-02 00:00:00"}, "records are not kept any more"),
    ],
)
def test_what_cannot_be_split_is_said_so_with_the_reason(tmp_path, header, why):
    home = Home(tmp_path / "home").create()
    published(home, header, 4.0)
    (row,), records = restating.restate(home, now(5.0), {}, "UTC")
    assert why in row["not_split_because"]
    assert (row["published_value"], row["now_value"], row["definition_value"]) == (4, 5, None)
    assert row["changed_definitions"] == "mql"
    assert records == []


def test_a_landing_that_lost_what_was_known_then_is_no_basis(tmp_path):
    home = Home(tmp_path / "home").create()
    earlier = {"known_at": "2026-06-02 00:00:00", "landing_fingerprint": "gone"}
    with pytest.raises(CannotSplit, match="does not hold any more what was known then"), \
            recomputing.rebuilt(home, earlier, {}):  # fmt: skip
        pass


def test_a_restatement_is_recorded_once_for_a_run_and_read_back(tmp_path):
    folder, book = tmp_path / "release", tmp_path / "ledger"
    folder.mkdir()
    book.mkdir()
    row = unsplit(MOVE, ("mqls", MAY, "All"), Figure(1, None, 1), Figure(2, None, 2), "because")
    ledger.write(folder / "ledger.jsonl", [{"kind": "run"}])
    ledger.write(folder / "restatements.jsonl", [row])
    ledger.write(folder / "records.jsonl", [])
    for release in ("r2", "r2.2"):
        ledger.record(book, release, "r2", folder)
    assert sorted(path.name for path in book.rglob("*.jsonl")) == [
        "r2.2.jsonl", "r2.jsonl", "r2.jsonl", "r2.jsonl",
    ]  # fmt: skip
    con = duckdb.connect()
    con.execute(f"create table t ({', '.join(f'{n} {k}' for n, k in COLUMNS.items())})")
    load(con, "t", ledger.restatements(book))
    told = con.execute("select metric, month, now_value, not_split_because from t").fetchall()
    assert told == [("mqls", date(2026, 5, 1), 2.0, "because")]
