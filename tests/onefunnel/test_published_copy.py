import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from onefunnel import published_copy
from onefunnel.refusal import Refusal

PERSONAL = {"email": {"name": "email", "config": {"meta": {"personal": True}}}}


def node(schema: str, name: str, columns: dict) -> dict:
    return {"resource_type": "model", "schema": schema, "alias": name, "columns": columns}


def manifest(**public_columns: dict) -> dict:
    return {
        "nodes": {
            "a": node("staging", "stg_lead", PERSONAL),
            "b": node("intermediate", "int_person", {}),
            "c": node("definitions", "mql", public_columns),
        }
    }


@pytest.fixture
def private(tmp_path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        for schema in ("staging", "intermediate", "definitions", "marts", "seeds"):
            con.execute(f"create schema {schema}")
        con.execute("create table staging.stg_lead as select 'a@b.example' as email")
        con.execute(
            "create table intermediate.int_person as select 1 as id, 'a@b.example' as EMAIL"
        )
        con.execute("create table definitions.mql as select range as id from range(100000)")
        con.execute("create table marts.run as select 'r1' as run_id")
    return path


def tables(path: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index) "
            "from duckdb_columns() where not internal group by 1 order by 1"
        ).fetchall()
    return dict(rows)


def test_only_public_schemas_are_published(private, tmp_path):
    counts = published_copy.copy_published(private, tmp_path / "published.duckdb", manifest())
    assert counts == {("definitions", "mql"): 100000, ("marts", "run"): 1}
    assert tables(tmp_path / "published.duckdb") == {
        "definitions.mql": ["id"],
        "marts.run": ["run_id"],
    }
    assert b"a@b.example" not in (tmp_path / "published.duckdb").read_bytes()


def test_the_copy_opens_with_an_older_engine(private, tmp_path):
    published_copy.copy_published(private, tmp_path / "published.duckdb", manifest())
    with duckdb.connect() as con:
        con.execute(f"attach '{tmp_path / 'published.duckdb'}' as seen (read_only)")
        said = con.execute("select tags from duckdb_databases() where database_name = 'seen'")
        assert "v1.4" in str(said.fetchall())


def test_a_reviewer_sees_no_personal_column_even_when_its_tag_was_forgotten(private, tmp_path):
    published_copy.copy_review(private, tmp_path / "review.duckdb", manifest())
    assert tables(tmp_path / "review.duckdb")["intermediate.int_person"] == ["id"]
    assert b"a@b.example" not in (tmp_path / "review.duckdb").read_bytes()


def test_a_column_that_says_it_is_not_personal_stays_in_the_reviewers_copy(private, tmp_path):
    told = manifest()
    told["nodes"]["b"]["columns"] = {
        "email": {"name": "email", "config": {"meta": {"personal": False}}}
    }
    published_copy.copy_review(private, tmp_path / "review.duckdb", told)
    assert tables(tmp_path / "review.duckdb")["intermediate.int_person"] == ["id", "EMAIL"]


def test_a_personal_column_in_a_public_table_is_refused(private, tmp_path):
    with pytest.raises(Refusal, match=r"definitions\.mql\.email"):
        published_copy.copy_published(private, tmp_path / "x.duckdb", manifest(**PERSONAL))


def test_a_full_disk_is_told_as_such(private, tmp_path):
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from onefunnel import published_copy as copy; from onefunnel.refusal import Refusal\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: copy.copy(Path(sys.argv[1]), Path(sys.argv[2]), copy.PUBLIC, {})\n"
        "except Refusal as refusal: print(refusal, refusal.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, private, tmp_path / "full.duckdb"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "exceed the allowed size" in done.stdout, done.stdout + done.stderr
    assert done.stdout.strip().endswith("5")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
