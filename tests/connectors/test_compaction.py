"""Compaction: few files, every version, and no moment at which a kill loses anything."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import compaction, known
from connectors.errors import LandingDamaged
from connectors.landing import Landing
from connectors.manifest import Manifest
from tests.connectors.test_landing import CONTACTS, START, land, row

KEY = ("hubspot", "contacts")


def everything(landing: Landing, day: int | None = None) -> list[tuple]:
    known_at = START + timedelta(days=day) if day else None
    with duckdb.connect() as con:
        landing.register(con, {}, known_at=known_at)
        return con.execute(
            "select id, v, _batch_id, _extracted_at, _source_modified_at, _is_deleted "
            "from raw_hubspot.contacts order by all"
        ).fetchall()


def filled(root: Path, batches: int) -> Landing:
    landing = Landing(root)
    for day in range(1, batches + 1):
        rows = [row(n, f"v{day}", day) for n in range(100 if day == 1 else 1 + day % 3)]
        land(landing, rows, day, marks={"seen": str(day)})
    return landing


def test_compaction_keeps_every_version_state_and_date(tmp_path: Path) -> None:
    landing = filled(tmp_path, 40)
    before, state = everything(landing), landing.state(*KEY)
    as_of = {day: (everything(landing, day), landing.fingerprint(START + timedelta(days=day)))
             for day in (1, 7, 25)}  # fmt: skip
    told, ends = landing.fingerprint(), landing.watermark("hubspot", START + timedelta(days=7))
    merged = compaction.compact(landing, *KEY)
    assert merged is not None
    assert state is not None
    fresh = Landing(tmp_path)
    for read in (landing, fresh):
        assert everything(read) == before
        for day, expected in as_of.items():
            moment = START + timedelta(days=day)
            assert (everything(read, day), read.fingerprint(moment)) == expected
        assert read.fingerprint() == told
        assert read.watermark("hubspot", START + timedelta(days=7)) == ends
        after = read.state(*KEY)
        assert after is not None
        assert (after.sequence, after.window_end, after.marks, after.total_rows, after.cursor) == (
            state.sequence, state.window_end, state.marks, state.total_rows, state.cursor
        )  # fmt: skip
        read.verify()
    assert len(landing.files(*KEY)) == 1
    assert landing.remove_replaced() == 40
    assert everything(Landing(tmp_path)) == before
    # What follows a stream sees as new exactly what landed after it last looked.
    assert known.landed_since(landing, *KEY, after_mark(state)) == ([], set())
    land(landing, [row(7, "later", 41)], 41)
    assert known.landed_since(landing, *KEY, after_mark(state)) == (["7"], set())
    assert known.landed_since(landing, *KEY, after_mark(merged)) == (["7"], set())


def after_mark(state: Manifest) -> Manifest:
    return replace(state, marks={"contacts_batch": state.batch_id})


def test_a_year_of_hourly_changes_stays_a_few_files_and_few_rewrites(tmp_path: Path) -> None:
    rows: list[int] = [1_000_000]
    files: list[int] = [50]
    written = most = 0
    for _ in range(8_760):
        rows.append(40)
        files.append(1)
        start = compaction.first_to_merge(rows, files)
        if start < len(rows):
            written += sum(rows[start:])
            rows[start:], files[start:] = [sum(rows[start:])], [1]
        most = max(most, sum(files))
    assert most <= compaction.MOST_FILES
    assert sum(rows) == 1_000_000 + 40 * 8_760
    assert written < 8 * sum(rows)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_stop_around_the_rename_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    landing = filled(tmp_path, 20)
    before = everything(landing)
    rename = os.rename

    def worst(source: str, target: str) -> None:
        if moment == "after":
            rename(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(compaction.os, "rename", worst)
    with pytest.raises(KeyboardInterrupt):
        compaction.compact(landing, *KEY)
    monkeypatch.undo()
    again = Landing(tmp_path)
    again.clear_leftovers()
    assert everything(again) == before
    # Half removed is removed: the other half is not read as a damaged batch.
    again.remove_replaced()
    assert everything(Landing(tmp_path)) == before
    compaction.compact(again, *KEY)
    assert everything(again) == before


def test_a_damaged_file_is_not_carried_on_under_a_new_checksum(tmp_path: Path) -> None:
    landing = filled(tmp_path, 20)
    part = landing.files(*KEY)[3]
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(LandingDamaged, match="not what was written"):
        compaction.compact(landing, *KEY)


def test_a_reading_after_compaction_still_lands_only_what_is_new(tmp_path: Path) -> None:
    landing = filled(tmp_path, 20)
    compaction.compact(landing, *KEY)
    assert land(landing, [row(1, "v20", 20), row(3, "new", 21)], 21).rows == 1
    assert land(landing, [], 22, CONTACTS).rows == 0
