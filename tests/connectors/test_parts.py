"""Rows on their way to disk: what waits in memory and in one piece stays small, however long rows
are.
"""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from connectors import parts
from connectors.landing import Landing
from connectors.sql import read_parts
from tests.connectors.test_landing import CONTACTS, START

MEGABYTE = 1 << 20


def long_rows(number: int) -> Iterator[dict]:
    """Rows of a megabyte each, made one after the other."""
    for one in range(number):
        yield {"id": f"long {one}", "v": f"{one:04d}" * (MEGABYTE // 4)}


def test_rows_of_a_megabyte_do_not_wait_for_each_other_in_memory(tmp_path: Path) -> None:
    with Landing(tmp_path).writer("hubspot", CONTACTS, extracted_at=START) as writer:
        writer.engine()
        tracemalloc.start()
        writer.add(long_rows(30))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert writer.rows_read == 30
    # One row, and what its text may take while it is written.
    assert peak < 24 * MEGABYTE


def test_a_piece_ends_at_its_size_although_short_rows_came_before_long_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PIECE_BYTES", 4 * MEGABYTE)
    with Landing(tmp_path).writer("hubspot", CONTACTS, extracted_at=START) as writer:
        writer.add({"id": f"short {one}", "v": "x"} for one in range(250))
        writer.add(long_rows(10))
        writer.write_piece()
        with duckdb.connect() as con:
            found = [
                con.execute(
                    f"select count(*), count(*) filter (length(v) = {MEGABYTE}) "
                    f"from {read_parts([part])}"
                ).fetchall()[0]
                for part in writer.parts
            ]
    assert found == [(254, 4), (4, 4), (2, 2)]
