"""What each team owes the other, as the page Handoff writes it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import duckdb

from dashboards import handover
from dashboards.source_data import PageData

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


def test_a_promise_of_which_nothing_came_is_written_beside_its_target():
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute(
        "create table marts.obligation(quarter_start date, team varchar, obligation varchar, "
        "numerator bigint, denominator bigint, value double, target double, is_kept boolean, "
        "is_partial boolean)"
    )
    con.executemany(
        "insert into marts.obligation values (?, 'marketing', ?, ?, ?, ?, ?, ?, ?)",
        [
            (APRIL, "mqls_to_standard", 0, None, 0, 190, False, False),
            (APRIL, "record_complete", 30, 40, 0.75, 0.8, False, False),
            (APRIL, "objection_answered", 3, 13, 0.23, None, None, False),
            (JULY, "mqls_to_standard", 0, None, 0, 200, False, True),
            (JULY, "record_complete", 0, 0, None, 0.8, None, True),
        ],
    )
    titles = {slug: SimpleNamespace(title=slug) for slug in handover.DUTIES}
    data = PageData(con, SimpleNamespace(metrics=titles), datetime(2026, 7, 1, tzinfo=UTC))
    table = handover.duties(data, "marketing")
    assert [column.title for column in table.columns] == [
        "Duty", "Jul–Sep 2026 (runs)", "Apr–Jun 2026", "Target", "Kept?",
    ]  # fmt: skip
    assert table.rows == [
        ["mqls_to_standard", "0", "0", "200", "not yet"],
        ["record_complete", "–", "75% of 40", "80%", "–"],
        ["objection_answered", "–", "23% of 13", "–", "–"],
    ]
