from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.errors import LandingDamaged, SuddenShrink, UnreadableAnswer
from connectors.landing import Landing
from connectors.manifest import Manifest
from connectors.stream import Reading, Stream, next_window

CONTACTS = Stream("hubspot", "contacts", ("id",), "People.")
EDGES = Stream(
    "hubspot",
    "associations",
    ("fromObjectId", "toObjectId"),
    "Edges.",
    group=("fromObjectId",),
)
START = datetime(2026, 1, 1)


def land(
    landing: Landing, rows: list, day: int, stream: Stream = CONTACTS, **reading: object
) -> Manifest:
    now = START + timedelta(days=day)
    state = landing.state(stream.source, stream.name)
    window = next_window(stream.source, state and state.window_end, now)
    with landing.writer(stream.source, stream, extracted_at=now) as writer:
        writer.add(rows)
        return writer.commit(window=window, reading=Reading(**reading))  # type: ignore[arg-type]


def row(number: int, value: str | None, day: int = 0, **more: object) -> dict:
    stamp = (START + timedelta(days=day)).isoformat()
    return {"id": str(number), "v": value, "_source_modified_at": stamp, **more}


def rows_of(landing: Landing, query: str) -> list[tuple]:
    with duckdb.connect() as con:
        landing.register(con, {})
        return con.execute(query).fetchall()


@pytest.mark.parametrize(
    "text",
    ["00501", "NA", "None", "null", "", 'a,b\n"c"\r\nd', "🎉 ‮rtl", "x\x00y", "1e5", "=1+1"],
)
def test_text_lands_exactly_as_it_came(tmp_path: Path, text: str) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, text)], 1)
    assert rows_of(landing, "select v from raw_hubspot.contacts") == [(text,)]


def test_json_values_land_as_their_json_text_and_null_stays_null(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    values = [True, 12.5, None, {"a": [1, "é"]}]
    land(landing, [{"id": str(n), "v": v} for n, v in enumerate(values)], 1)
    found = rows_of(landing, "select v from raw_hubspot.contacts order by id")
    assert found == [("true",), ("12.5",), (None,), ('{"a":[1,"é"]}',)]


def test_identical_rows_do_not_land_twice_and_the_cursor_still_moves(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    first = land(landing, [row(n, "a") for n in range(5)], 1)
    before = landing.fingerprint()
    second = land(landing, [row(1, "a")], 2)
    third = land(landing, [row(1, "a")], 3)
    assert (first.rows, second.rows, third.rows) == (5, 0, 0)
    assert third.window_end > second.window_end > first.window_end
    assert landing.fingerprint() == before
    # Empty batches replace each other, so a year of quiet runs leaves two folders.
    assert [batch.sequence for batch in landing.manifests("hubspot", "contacts")] == [1, 3]


def test_a_piece_that_brings_nothing_new_leaves_the_writer_ready_for_the_next(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path)
    known = land(landing, [row(1, "a")], 1)
    window = next_window("hubspot", START, START + timedelta(days=1))
    with landing.writer("hubspot", CONTACTS, extracted_at=START + timedelta(days=2)) as writer:
        writer.add([row(1, "a")])
        assert writer.commit(window=window) == known
        writer.add([row(1, "a"), row(2, "b"), row(2, "b")])
        assert writer.commit(window=window).rows == 1
    found = rows_of(landing, "select id from raw_hubspot.contacts order by id")
    assert found == [("1",), ("2",)]


def test_a_change_lands_once_the_newer_version_wins_and_a_stale_one_is_ignored(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, "a")], 1)
    assert land(landing, [row(1, "b", 2), row(1, "c", 3), row(2, "new", 3)], 4).rows == 2
    assert land(landing, [row(1, "a", 0)], 5).rows == 0
    assert rows_of(landing, "select id, v from raw_hubspot.contacts order by id, _batch_id") == [
        ("1", "a"),
        ("1", "c"),
        ("2", "new"),
    ]


def test_a_column_that_is_new_and_empty_is_no_change(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, "a"), row(2, "b")], 1)
    assert land(landing, [row(1, "a", extra=None), row(2, "b", extra="x")], 2).rows == 1


def test_absence_from_a_full_reading_lands_the_last_values_as_deleted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(n, f"v{n}") for n in range(20)], 1)
    assert land(landing, [row(n, f"v{n}") for n in range(19)], 2, is_full=True).rows == 1
    assert land(landing, [row(n, f"v{n}") for n in range(19)], 3, is_full=True).rows == 0
    assert rows_of(landing, "select id, v from raw_hubspot.contacts where _is_deleted") == [
        ("19", "v19")
    ]
    # It comes back.
    assert land(landing, [row(n, f"v{n}") for n in range(20)], 4, is_full=True).rows == 1


def test_a_record_said_to_be_gone_lands_as_deleted_if_it_is_known(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, "loser"), row(2, "survivor")], 1)
    gone = {"1": "2026-01-02T00:00:00Z", "99": "2026-01-02T00:00:00Z"}
    assert land(landing, [], 3, gone=gone).rows == 1
    assert land(landing, [], 4, gone=gone).rows == 0
    assert rows_of(
        landing, "select v, _source_modified_at from raw_hubspot.contacts where _is_deleted"
    ) == [("loser", datetime(2026, 1, 2))]


def test_a_sudden_shrink_is_refused_and_leaves_the_landing_as_it_was(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(n, "a") for n in range(100)], 1)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SuddenShrink, match=r"returned 0 of 100.*--accept-shrink"):
        land(landing, [], 2, is_full=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_edges_of_a_record_are_replaced_together(tmp_path: Path) -> None:
    landing = Landing(tmp_path)

    def edges(start: str, *ends: str) -> list[dict]:
        some = [{"fromObjectId": start, "toObjectId": end, "_is_deleted": False} for end in ends]
        none = {"fromObjectId": start, "toObjectId": None, "_is_deleted": True}
        return some or [none]

    assert land(landing, [*edges("a", "1", "2"), *edges("b")], 1, EDGES).rows == 2
    assert land(landing, [*edges("a", "2", "1"), *edges("b")], 2, EDGES).rows == 0
    assert land(landing, edges("a", "2", "3", "4"), 3, EDGES).rows == 3
    assert land(landing, edges("a"), 4, EDGES).rows == 1
    assert land(landing, edges("a"), 5, EDGES).rows == 0


def test_leaving_without_commit_leaves_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    with landing.writer("hubspot", CONTACTS) as writer:
        writer.add([row(n, "a") for n in range(30_000)])
        assert any(path.is_file() for path in tmp_path.rglob("*"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert landing.state("hubspot", "contacts") is None


def test_csv_is_exact_and_a_wrong_count_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.csv"
    content = (
        '"Id","Name","IsDeleted"\n"1","a ""q"", b\nnext","false"\n'
        '"2","","true"\n"00501","NA","false"\n'
    )
    path.write_text(content, encoding="utf-8")
    landing = Landing(tmp_path / "landing")
    lead = Stream("salesforce", "Lead", ("Id",), "Leads.")
    window = next_window("salesforce", None, START)
    columns = ["Id", "Name", "IsDeleted"]
    with landing.writer("salesforce", lead) as writer:
        with pytest.raises(UnreadableAnswer, match="3 rows where 4"):
            writer.add_csv(path, columns, None, "IsDeleted", expected=4)
        writer.add_csv(path, columns, None, "IsDeleted", expected=3)
        assert writer.commit(window=window).rows == 3
    found = rows_of(landing, 'select "Id", "Name", _is_deleted from raw_salesforce.lead order by 1')
    assert found == [("00501", "NA", False), ("1", 'a "q", b\nnext', False), ("2", None, True)]


def test_views_have_required_columns_and_streams_without_batch_are_empty(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, "a")], 1)
    with duckdb.connect() as con:
        landing.register(con, {"hubspot": {"contacts": ["V", "email"]}})
        assert con.execute("select v, email from raw_hubspot.contacts").fetchall() == [("a", None)]
        assert con.execute("select count(*) from raw_salesforce.lead").fetchall() == [(0,)]
        kinds = con.execute("describe raw_hubspot.contacts_history").fetchall()
    assert [kind[0] for kind in kinds][:3] == ["id", "property", "value"]


def test_damage_is_named(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    batch = land(landing, [row(1, "a")], 1)
    part = landing.files("hubspot", "contacts")[0]
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(LandingDamaged, match="not what was written"):
        landing.verify()
    part.unlink()
    with pytest.raises(LandingDamaged, match="missing"), duckdb.connect() as con:
        landing.register(con, {})
    (part.parent / "manifest.json").write_text("{")
    with pytest.raises(LandingDamaged, match=batch.batch_id):
        Landing(tmp_path).state("hubspot", "contacts")


def test_the_window_never_runs_backwards(tmp_path: Path) -> None:
    cursor = datetime(2026, 1, 2)
    window = next_window("salesforce", cursor, datetime(2026, 1, 1))
    assert window.end == cursor
    assert window.start is not None
    assert window.start < cursor <= window.read_until


def test_the_landing_is_read_as_it_was_known_on_a_date(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    land(landing, [row(1, "a"), row(2, "a")], 1)
    then = landing.fingerprint()
    land(landing, [row(1, "b", 2, extra="x"), row(3, "new", 3)], 4)
    land(landing, [{"fromObjectId": "1", "toObjectId": "2"}], 5, EDGES)
    query = "select id, v from raw_hubspot.contacts order by id, _batch_id"
    for day, expected in (
        (0, []),
        (1, [("1", "a"), ("2", "a")]),
        (3, [("1", "a"), ("2", "a")]),
        (4, [("1", "a"), ("1", "b"), ("2", "a"), ("3", "new")]),
    ):
        with duckdb.connect() as con:
            landing.register(con, {}, known_at=START + timedelta(days=day))
            assert con.execute(query).fetchall() == expected
            # The columns are those of today, so that the same models run on either.
            found = con.execute("select extra from raw_hubspot.contacts where id = '1'").fetchall()
            assert found == [(None,)] * (day in (1, 3)) + [(None,), ("x",)] * (day == 4)
            assert con.execute("select count(*) from raw_hubspot.associations").fetchall() == [(0,)]
    assert landing.fingerprint(START + timedelta(days=3)) == then
    assert landing.fingerprint(START + timedelta(days=5)) == landing.fingerprint() != then
    assert landing.watermark("hubspot", START) is None
    assert landing.watermark("hubspot", START + timedelta(days=2)) == START + timedelta(
        days=1, seconds=-90
    )
