"""Published figures that moved, for the pages' tests: one for both reasons, one that is unsplit."""

from collections.abc import Sequence

import duckdb

from review.restatement import COLUMNS

MOVED = {
    "run_id": "run-7f3a", "moved_as_of": "2026-06-30", "published_run_id": "run-7e01",
    "published_as_of": "2026-06-23", "metric": "mqls", "month": "2026-05-01", "source": "All",
    "published_numerator": 120, "published_value": 120, "now_numerator": 100, "now_value": 100,
    "definition_numerator": -25, "definition_value": -25, "late_data_numerator": 5,
    "late_data_value": 5, "ripening_numerator": 0, "ripening_value": 0, "definition_records": 25,
    "late_data_records": 5, "changed_definitions": "mql", "not_split_because": "",
}  # fmt: skip
EARLIER = {
    "run_id": "run-7e01", "moved_as_of": "2026-06-23", "published_run_id": "run-7d00",
    "published_as_of": "2026-06-16", "metric": "win_rate", "month": "2026-04-01", "source": "All",
    "published_numerator": 12, "published_denominator": 40, "published_value": 0.3,
    "now_numerator": 12, "now_denominator": 48, "now_value": 0.25, "changed_definitions": "",
    "not_split_because": "the landing does not hold any more what was known then",
}  # fmt: skip


def write(con: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> None:
    """The table that the ledger fills in a run."""
    con.execute(
        f"create table onefunnel.restatement ({', '.join(f'{n} {k}' for n, k in COLUMNS.items())})"
    )
    for row in (MOVED, *({**MOVED, "source": source} for source in sources), EARLIER):
        marks = ", ".join("?" * len(row))
        con.execute(
            f"insert into onefunnel.restatement ({', '.join(row)}) values ({marks})",
            list(row.values()),
        )
