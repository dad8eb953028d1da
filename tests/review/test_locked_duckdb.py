"""The engine of a proposed change: it sees the snapshot and the seeds, and cannot be opened."""

import http.server
import threading

import duckdb
import pytest

from review.building.locked_duckdb import lock


@pytest.fixture
def place(tmp_path):
    seeds, outside = tmp_path / "seeds", tmp_path / "outside"
    seeds.mkdir()
    outside.mkdir()
    (seeds / "a.csv").write_text("x\n1\n")
    (outside / "secret.csv").write_text("x\nsecret\n")
    with duckdb.connect(str(tmp_path / "review.duckdb")) as con:
        con.execute("create schema definitions; create table definitions.mql as select 7 as id")
    con = duckdb.connect(str(seeds / "change.duckdb"))
    lock(con, {"released": str(tmp_path / "review.duckdb")}, [str(seeds)])
    yield con.cursor(), tmp_path
    con.close()


def test_it_reads_the_snapshot_and_the_seeds(place):
    con, folder = place
    assert con.execute("select id from released.definitions.mql").fetchall() == [(7,)]
    con.execute("create table seed (x integer)")
    con.execute(f"copy seed from '{folder}/seeds/a.csv' (header true)")
    assert con.execute("from seed").fetchall() == [(1,)]
    assert con.execute("select current_setting('timezone')").fetchall() == [("UTC",)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{folder}/outside/secret.csv')",
        "select * from read_text('/etc/passwd')",
        "select * from '{folder}/outside/secret.csv'",
        "select * from glob('/etc/*')",
        "copy (select 1) to '{folder}/outside/out.csv'",
        "attach '{folder}/outside/other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "insert into released.definitions.mql values (8)",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set lock_configuration = false",
        "create secret s (type http, bearer_token 'x')",
    ],
)
def test_whatever_reaches_outside_fails(place, sql):
    con, folder = place
    with pytest.raises(duckdb.Error):
        con.execute(sql.replace("{folder}", str(folder)))
    assert [path.name for path in (folder / "outside").iterdir()] == ["secret.csv"]


def test_it_calls_nobody(place):
    con, _ = place
    asked = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

        do_HEAD = do_GET

    server = http.server.HTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(duckdb.Error):
        con.execute(f"select * from read_csv('http://127.0.0.1:{server.server_port}/leak.csv')")
    server.shutdown()
    server.server_close()
    assert asked == []
